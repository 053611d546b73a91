"""Walking through the pages of a read, as each operation names its tokens."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from fivetabs.providers.aws.port import PAGES, Json


async def every_page(
    operation: str, read: Callable[[Mapping[str, str]], Awaitable[Json]]
) -> AsyncIterator[Json]:
    """Each page of an operation in `PAGES`; `read` is handed the token of the page it is to get."""
    paging, token = PAGES[operation], ""
    while True:
        page = await read({paging.asked: token} if token else {})
        yield page
        token = page.get(paging.told, "")
        if not token:
            return
