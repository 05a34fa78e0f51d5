// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

/// Reads what stored networks hold from the bytes of an HDF5 file of the original layout, the one that h5py, Keras 2 and the HDF5
/// library write unless told otherwise: superblock 0 or 1, symbol-table groups, contiguous or compact arrays (HDF5 File Format
/// Specification 3.0, sections II.A, III.A–E, IV.A). Every offset is checked: no bytes make it crash, hang or read outside.
/// The bytes must outlive the reader. All functions throw Error for damaged files and for parts of the format that are not read.
class Hdf5Reader {
public:
    explicit Hdf5Reader(std::string_view bytes);

    /// A text attribute of the root group, of variable or fixed length; nothing when there is none of that name.
    std::optional<std::string> textAttribute(std::string_view name) const;

    /// All arrays below a group of the root, by path relative to it ("dense_1/dense_1/kernel:0"), in alphabetical order. Real
    /// numbers of 32 or 64 bits, widened to double; n numbers become 1 × n. Nothing when there is no such group.
    std::optional<std::vector<std::pair<std::string, Matrix>>> arraysBelow(std::string_view group) const;

private:
    std::string_view m_bytes;
    std::size_t m_root; ///< address of the root group's object header
};

}
