// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/files.h"

#include "engine/core/error.h"
#include "engine/core/text.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace engine {

namespace {
[[noreturn]] void fail(const std::filesystem::path &path, std::string_view what, int code)
{
    std::string message = path.string() + ": " + std::string(what) + ": " + std::generic_category().message(code);
    if (code == ENOSPC)
        message += "; free some space or choose another disk";
    throw Error(message);
}
}

std::string stemOf(std::string_view name)
{
    const auto slash = name.find_last_of("/\\");
    if (slash != name.npos)
        name.remove_prefix(slash + 1);
    const auto dot = name.find_last_of('.');
    return std::string(dot == name.npos || dot == 0 ? name : name.substr(0, dot));
}

std::string endingOf(std::string_view name)
{
    const auto slash = name.find_last_of("/\\");
    if (slash != name.npos)
        name.remove_prefix(slash + 1);
    const auto dot = name.find_last_of('.');
    return dot == name.npos || dot == 0 ? std::string() : lowered(name.substr(dot + 1));
}

std::string readFile(const std::filesystem::path &path)
{
    std::error_code code;
    if (std::filesystem::is_directory(path, code))
        throw Error(path.string() + ": is a folder, a file is needed");
    std::FILE *file = std::fopen(path.c_str(), "rb");
    if (!file)
        fail(path, "cannot be opened", errno);
    std::string bytes;
    char buffer[1 << 16];
    std::size_t n;
    while ((n = std::fread(buffer, 1, sizeof buffer, file)) > 0)
        bytes.append(buffer, n);
    const int error = std::ferror(file) ? errno : 0;
    std::fclose(file);
    if (error)
        fail(path, "cannot be read", error);
    return bytes;
}

void writeFile(const std::filesystem::path &path, std::string_view bytes)
{
    auto aside = path;
    aside += ".part" + std::to_string(::getpid());
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        fail(path, "cannot be written", errno);
    int error = 0;
    while (!bytes.empty() && !error) {
        const auto n = ::write(file, bytes.data(), bytes.size());
        if (n >= 0)
            bytes.remove_prefix(std::size_t(n));
        else if (errno != EINTR)
            error = errno;
    }
    if (!error && ::fsync(file) != 0)
        error = errno;
    if (::close(file) != 0 && !error)
        error = errno;
    if (!error && std::rename(aside.c_str(), path.c_str()) != 0)
        error = errno;
    if (error) {
        ::unlink(aside.c_str());
        fail(path, "cannot be written", error);
    }
}

}
