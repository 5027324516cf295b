"""What a model's description declares around its network, as small functions of tensors."""
