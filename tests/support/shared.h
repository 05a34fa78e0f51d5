// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/files.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>

/// A file of the reference data beside the project (golden/…, data/…).
inline std::filesystem::path sharedPath(const std::string &name)
{
    return std::filesystem::path(SUPERION_SHARED) / name;
}

inline nlohmann::json sharedJson(const std::string &name)
{
    return nlohmann::json::parse(engine::readFile(sharedPath(name)));
}

/// Leaves the test function, saying so, on a machine without that reference data: a user's clone passes too.
#define NEEDS_SHARED(name)                                                                                             \
    if (!std::filesystem::exists(sharedPath(name)))                                                                    \
    QSKIP("needs " name " of the reference data, which are not part of the program")

/// |actual − expected| ≤ tolerance, with both numbers in the message.
#define COMPARE_NEAR(actual, expected, tolerance)                                                                      \
    do {                                                                                                               \
        const double a_ = (actual), e_ = (expected), t_ = (tolerance);                                                 \
        QVERIFY2(std::abs(a_ - e_) <= t_,                                                                              \
                 qPrintable(QStringLiteral("%1: %2, expected %3 ± %4").arg(#actual).arg(a_, 0, 'g', 15).arg(e_, 0, 'g', 15).arg(t_))); \
    } while (false)

/// The statement throws engine::Error whose message contains the text.
#define THROWS_ERROR(statement, text)                                                                                  \
    do {                                                                                                               \
        QString message_ = QStringLiteral("nothing was thrown");                                                       \
        try {                                                                                                          \
            statement;                                                                                                 \
        } catch (const engine::Error &e) {                                                                             \
            message_ = QString::fromUtf8(e.what());                                                                    \
        }                                                                                                              \
        QVERIFY2(message_.contains(QStringLiteral(text)), qPrintable(message_));                                       \
    } while (false)
