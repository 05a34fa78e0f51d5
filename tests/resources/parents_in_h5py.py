# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that come with the program, read by another program than ours.

Groups, names and shapes are those of the published MEGNet files (Keras 2 layout), so that these load where those do.
Usage: parents_in_h5py.py FILE.hdf5...
"""
import json
import sys

import h5py


def expected_shapes(gaussians, blocks, embedding=16, elements=95, outer=64, inner=32, hidden=16):
    shapes = {"embedding_1/embedding_1/embeddings:0": (elements, embedding)}

    def dense(n, rows, cols):
        shapes[f"dense_{n}/dense_{n}/kernel:0"] = (rows, cols)
        shapes[f"dense_{n}/dense_{n}/bias:0"] = (cols,)

    for n, width in ((1, embedding), (3, gaussians), (5, 2)):
        dense(n, width, outer)
        dense(n + 1, outer, inner)
    n = 7
    for k in range(1, blocks + 1):
        if k > 1:
            for _ in range(3):
                dense(n, inner, outer)
                dense(n + 1, outer, inner)
                n += 2
        for part, width in (("e", 4 * inner), ("v", 3 * inner), ("u", 3 * inner)):
            widths = (width, outer, outer, inner)
            for layer in range(3):
                at = f"meg_net_layer_{k}/meg_net_layer_{k}/meg_net_layer_{k}/phi_{part}/"
                shapes[f"{at}weight_{part}_{layer}:0"] = widths[layer : layer + 2]
                shapes[f"{at}bias_{part}_{layer}:0"] = (widths[layer + 1],)
    for k in (1, 2):
        at = f"set2_set_{k}/set2_set_{k}/"
        shapes[f"{at}x_to_m_weight:0"] = (inner, hidden)
        shapes[f"{at}x_to_m_bias:0"] = (hidden,)
        shapes[f"{at}recurrent_kernel:0"] = (2 * hidden, 4 * hidden)
        shapes[f"{at}recurrent_bias:0"] = (4 * hidden,)
    dense(n, 4 * hidden + inner, 32)
    dense(n + 1, 32, 16)
    dense(n + 2, 16, 1)
    return shapes


def check(path):
    with open(path + ".json", encoding="utf-8") as sidecar:
        converter = json.load(sidecar)["graph_converter"]
    assert converter["cutoff"] > 0
    centers = converter["bond_converter"]["centers"]
    gaussians = len(centers["data"] if isinstance(centers, dict) else centers)  # both are met in published files
    with h5py.File(path, "r") as file:
        config = file.attrs["model_config"]
        config = json.loads(config.decode() if isinstance(config, bytes) else config)
        names = [layer["name"] for layer in config["config"]["layers"]]
        weights = file["model_weights"]
        listed = [name.decode().rstrip("\0") for name in weights.attrs["layer_names"]]
        assert sorted(listed) == sorted(names), (listed, names)

        found = {}
        weights.visititems(
            lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
        blocks = sum(layer["class_name"] == "MEGNetLayer" for layer in config["config"]["layers"])
        expected = expected_shapes(gaussians, blocks)
        assert {name: item.shape for name, item in found.items()} == expected, {
            name: (item.shape, expected.get(name)) for name, item in found.items() if item.shape != expected.get(name)}
        for name, item in found.items():
            assert item.dtype == "float32", name
            assert abs(item[()]).max() < 1e3, name
        for layer in listed:
            for name in weights[layer].attrs["weight_names"]:
                assert name.decode().rstrip("\0") in weights[layer], name
    print(f"{path}: {len(expected)} arrays as published")


if len(sys.argv) < 2:
    sys.exit(__doc__)
for argument in sys.argv[1:]:
    check(argument)
