"""Secrets planted in a working directory: sensitive values, and attributes that only look plain."""

from pathlib import Path

from tests.planting import Seeds
from tests.rig.ledger import Ledger
from tests.rig.processes import run

NAME = "harbour"
_TEXT = """\
variable "db_password" {
  type      = string
  default   = "%(variable)s"
  sensitive = true
}

resource "terraform_data" "db" {
  input = {
    user     = "app"
    password = var.db_password
    note     = "%(note)s"
    api_key  = "%(api_key)s"
    url      = "postgres://app:%(url)s@db/shop"
    replicas = %(replicas)s
  }
}

output "login" {
  value     = "app/${var.db_password}"
  sensitive = true
}

output "pin" {
  value     = "%(output)s"
  sensitive = true
}

output "hint" {
  value = "ask with %(hint)s"
}

output "commit" {
  value = "%(commit)s"
}

output "digest" {
  value = "%(digest)s"
}
"""


def plant(ledger: Ledger) -> Seeds:
    """Apply a configuration, and change it so that a plan has something to say."""
    seeds = Seeds("Terraform")
    values = {
        "variable": seeds.password("sensitive variable"),
        "note": seeds.token("attribute, by form"),
        "api_key": seeds.password("attribute by name"),
        "url": seeds.password("attribute, in a URL"),
        "output": seeds.password("sensitive output"),
        "hint": seeds.token("output, by form"),
        "digest": seeds.harmless_value("digest"),
        "commit": seeds.harmless_value("commit"),
    }
    folder = Path(ledger.environment["TERRAFORM_ALLOWED_DIRS"]) / NAME
    folder.mkdir(exist_ok=True)
    for replicas in (3, 4):
        (folder / "main.tf").write_text(_TEXT % {**values, "replicas": replicas})
        if replicas == 3:
            for words in (("init",), ("apply", "-auto-approve")):
                run("terraform", f"-chdir={folder}", *words, "-no-color", env=ledger.environment)
    return seeds
