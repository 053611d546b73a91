"""The Terraform configurations of the rig, as text."""

from tests.rig.terraform.provider import SOURCE, VERSION

REQUIRE_LOCAL = f"""\
terraform {{
  required_providers {{
    local = {{
      source  = "{SOURCE}"
      version = "{VERSION}"
    }}
  }}
}}
"""

SHOP = """\
variable "db_password" {
  type      = string
  default   = "not-a-real-secret"
  sensitive = true
}

resource "terraform_data" "worker_c" {
  input = {
    instance_id   = "%(instance)s"
    instance_type = "m5.large"
    name          = "worker-c"
  }
}

resource "terraform_data" "storefront" {
  input = { replicas = %(replicas)s }
}

resource "terraform_data" "db" {
  input = { user = "orders", password = var.db_password }
}

module "buckets" {
  source = "./buckets"
  names  = ["shop-assets", "shop-backups"]
}

output "cluster_endpoint" {
  value = "https://shop-eu.example:6443"
}

output "db_password" {
  value     = var.db_password
  sensitive = true
}
"""

BUCKETS = """\
variable "names" {
  type = list(string)
}

resource "terraform_data" "bucket" {
  for_each = toset(var.names)
  input    = { bucket = each.key }
}
"""

SHOP_FILES = """\
resource "local_file" "worker_c" {
  filename = "${path.module}/live/worker-c.conf"
  content  = "instance_type = m5.large\\n"
}

resource "local_file" "ingress" {
  filename = "${path.module}/live/ingress.conf"
  content  = "upstream = orders-api\\n"
}

resource "local_file" "storefront" {
  filename = "${path.module}/live/storefront.conf"
  content  = "theme = autumn\\n"
}
"""

CLEAN = """\
resource "terraform_data" "steady" {
  input = "as it was"
}

output "steady" {
  value = terraform_data.steady.output
}
"""

BROKEN = """\
resource "terraform_data" "broken" {
  input = var.nobody_declared_me

"""

EXTERNAL = """\
data "external" "program" {
  program = ["sh", "-c", "echo '{}'"]
}
"""

SLOW = """\
terraform {
  backend "http" {
    address = "http://127.0.0.1:%(port)s/states/slow"
  }
}

resource "terraform_data" "slow" {
  input = "worth waiting for"
}
"""

OUTSIDE = """\
output "secret_place" {
  value = "no tool may come here"
}
"""
