"""Packages of bioimage.io: a description, weights and test tensors, in a folder or a zip.

Descriptions are read here and not by `bioimageio.spec`: an audit needs a twentieth of them, of
eight format versions, also where a link is dead or a licence is unknown, on a machine without a
network, and beside any version of pydantic.
"""
