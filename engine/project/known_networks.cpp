// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/known_networks.h"

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/sha256.h"

#include <QStandardPaths>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace engine {

namespace fs = std::filesystem;

namespace {
using Json = nlohmann::ordered_json;

fs::path memoryFile()
{
    return fs::path(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation).toStdString()) /
           "superion" / "networks.json";
}

/// Hash → absolute path. A file that is no such list is as good as none: it only saves typing.
Json remembered()
{
    try {
        Json json = Json::parse(readFile(memoryFile()));
        if (json.is_object())
            return json;
    } catch (const Error &) {
    } catch (const Json::exception &) {
    }
    return Json::object();
}

void remember(const std::string &sha256, const fs::path &file)
{
    Json known = remembered();
    const std::string path = fs::absolute(file).lexically_normal().string();
    if (known.contains(sha256) && known[sha256] == path)
        return;
    known[sha256] = path;
    try {
        fs::create_directories(memoryFile().parent_path());
        writeFile(memoryFile(), known.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
    } catch (const std::exception &) {
        // a home that cannot be written to; the network is read all the same
    }
}

std::vector<fs::path> bundled()
{
    std::vector<fs::path> files;
    std::error_code none;
    for (const fs::directory_entry &entry : fs::directory_iterator(bundledNetworksFolder(), none))
        if (entry.path().extension() == ".hdf5")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

bool hasHash(const fs::path &file, const std::string &hash)
{
    try {
        return sha256(readFile(file)) == hash;
    } catch (const Error &) {
        return false; // moved or taken away since
    }
}

}

fs::path bundledNetworksFolder()
{
    std::error_code none;
    const fs::path program = fs::read_symlink("/proc/self/exe", none);
    return program.parent_path().parent_path() / "share" / "superion" / "parents";
}

Megnet openBundledNetwork(const std::string &stem)
{
    const fs::path file = bundledNetworksFolder() / (stem + ".hdf5");
    if (!fs::exists(file))
        throw Error("this build comes without the network " + stem +
                    "; give one with --parent, such as the published mp-2019.4.1/formation_energy.hdf5 with its "
                    ".hdf5.json beside it");
    return readMegnet(file);
}

Megnet openNetwork(const fs::path &file)
{
    Megnet network = readMegnet(file);
    remember(network.sha256, file);
    return network;
}

Megnet findNetwork(const std::string &sha256, const std::string &name)
{
    std::vector<fs::path> candidates = bundled();
    if (const Json known = remembered(); known.contains(sha256) && known[sha256].is_string())
        candidates.push_back(known[sha256].get<std::string>());
    for (const fs::path &file : candidates)
        if (hasHash(file, sha256))
            return readMegnet(file);
    throw Error("the ensemble's features come from " + name + " (sha256 " + sha256 +
                "), which neither comes with the program nor was opened before: give it with --parent FILE.hdf5");
}

}
