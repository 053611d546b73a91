"""What the model may ask of Terraform."""
