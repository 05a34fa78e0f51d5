// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/pooling.h"

namespace engine {

Segments Segments::single(Vector weight)
{
    Segments segments;
    segments.first = {0, int(weight.size())};
    segments.weight = std::move(weight);
    return segments;
}

void meanPoolForward(ConstMatrixRef X, const Segments &segments, MatrixRef q)
{
    for (int s = 0; s < segments.count(); ++s) {
        const auto w = segments.weight.segment(segments.first[s], segments.size(s));
        q.row(s).noalias() = w.transpose() * X.middleRows(segments.first[s], segments.size(s)) / w.sum();
    }
}

void meanPoolBackward(const Segments &segments, ConstMatrixRef dq, MatrixRef dX)
{
    for (int s = 0; s < segments.count(); ++s) {
        const auto w = segments.weight.segment(segments.first[s], segments.size(s));
        dX.middleRows(segments.first[s], segments.size(s)).noalias() = (w / w.sum()) * dq.row(s);
    }
}

}
