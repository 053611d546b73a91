"""The suite's tools that answer at once: text, an image, a sound, a resource, and all together."""

import base64
import struct
import zlib
from types import MappingProxyType

from mcp.types import (
    AudioContent,
    EmbeddedResource,
    ImageContent,
    TextContent,
    TextResourceContents,
)

from tests.conformance.tools import always


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png() -> bytes:
    """One red pixel (PNG specification: a signature, then IHDR, IDAT and IEND)."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\xff\x00\x00")
    chunks = ((b"IHDR", header), (b"IDAT", pixel), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _wav() -> bytes:
    """One silent sample, 8 kHz, one channel of 8 bits (RIFF WAVE)."""
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data\x01\x00\x00\x00\x80\x00"
    return b"RIFF" + struct.pack("<I", len(body)) + body


PNG = base64.b64encode(_png()).decode()
IMAGE = ImageContent(type="image", data=PNG, mime_type="image/png")
_SOUND = AudioContent(type="audio", data=base64.b64encode(_wav()).decode(), mime_type="audio/wav")


def text(words: str) -> TextContent:
    """A block of text."""
    return TextContent(type="text", text=words)


def embedded(uri: str, mime_type: str, words: str) -> EmbeddedResource:
    """A block that carries a resource of text."""
    contents = TextResourceContents(uri=uri, mime_type=mime_type, text=words)
    return EmbeddedResource(type="resource", resource=contents)


TOOLS = MappingProxyType(
    {
        "test_simple_text": always(text("This is a simple text response for testing.")),
        "test_image_content": always(IMAGE),
        "test_audio_content": always(_SOUND),
        "test_embedded_resource": always(
            embedded(
                "test://embedded-resource", "text/plain", "This is an embedded resource content."
            )
        ),
        "test_multiple_content_types": always(
            text("Multiple content types test:"),
            IMAGE,
            embedded(
                "test://mixed-content-resource", "application/json", '{"test":"data","value":123}'
            ),
        ),
    }
)
