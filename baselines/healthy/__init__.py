"""Healthy networks: what the bounds of the default policy are set on, and what checks them.

The halves were made before any network was trained, and no network ever changes its half:

- There are eight kinds of image (`grounds`), three simulated and five real. In the half "set" a
  network learns from one side of a kind and is audited on the other side; in the half "check" the
  sides are swapped (movie 02 is learnt from and 01 audited on; the other images of a folder; the
  other half of a field), and simulated cells have other parameters. No image that a bound was set
  on is an image that it is checked on.
- Each kind has three networks in either half (`networks.csv`): a U-Net of the standard recipe,
  which says what the kind can give, and two that are dealt from eight further architectures and
  sixteen recipes by a rotation, so that each half has every architecture twice and every recipe
  once beside the standard ones. Seeds are the numbers of the rows.
- The other two networks of the same images are a network's references. Only three references can
  fail a network, so rules against references can only warn here; their estimates are what counts.
- Tiles, and objects that are taken away or moved, are asked about on images wider than a tile
  (`wide`), which no network learns from.
- Recipes whose own description calls them a mistake, or the first to break, are left out.

A network is healthy if its training came to its end and its IoU on validation images is at least
what the U-Net of the standard recipe reaches on the same images, less 0.1. One that does not is
trained again from the next seed and listed as not trained enough; none is ever left out because
of what a rule says of it.

`networks.csv` lists every attempt, `outcomes.csv` what each rule of the default policy says of each
healthy network, `bounds.csv` each rule on either half, with the network of which it found the
worst.
"""
