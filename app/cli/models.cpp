// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/models.h"

#include "engine/core/files.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/features/megnet_file.h"
#include "engine/project/ensemble_files.h"
#include "engine/project/project.h"

#include <algorithm>
#include <vector>

namespace cli {

using namespace engine;
namespace fs = std::filesystem;

fs::path parentsFolder()
{
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return program.parent_path().parent_path() / "share" / "superion" / "parents";
}

Megnet openParent(const std::string &file)
{
    if (!file.empty())
        return readMegnet(file);
    const fs::path bundled = parentsFolder() / "formation_energy.hdf5";
    if (!fs::exists(bundled))
        throw Error(
            "no parent network comes with this build: give --parent FILE.hdf5, a MEGNet formation-energy model such as "
            "mp-2019.4.1/formation_energy.hdf5 with its .hdf5.json beside it");
    return readMegnet(bundled);
}

Megnet openParentOf(const Ensemble &ensemble, const std::string &file)
{
    if (!file.empty())
        return readMegnet(file);
    std::error_code none;
    std::vector<fs::path> candidates;
    for (const fs::directory_entry &entry : fs::directory_iterator(parentsFolder(), none))
        if (entry.path().extension() == ".hdf5")
            candidates.push_back(entry.path());
    std::sort(candidates.begin(), candidates.end());
    for (const fs::path &path : candidates)
        if (sha256(readFile(path)) == ensemble.parentSha256)
            return readMegnet(path);
    throw Error("the ensemble's features come from " + ensemble.parentName + " (sha256 " + ensemble.parentSha256 +
                "), which does not come with this build: give it with --parent FILE.hdf5");
}

std::optional<Megnet> openModel(const std::string &file)
{
    if (file.empty())
        return {};
    return readMegnet(file);
}

const Ensemble &ensembleOf(const std::map<std::string, Ensemble> &ensembles, const std::string &name,
                           const std::string &where)
{
    if (ensembles.empty())
        throw Error(where + ": holds no ensemble; make one with superion-cli train");
    std::vector<std::string> names;
    for (const auto &[n, ensemble] : ensembles)
        names.push_back(n);
    if (name.empty() && ensembles.size() > 1)
        throw Error(where + ": holds several ensembles; choose one with --name: " + joined(names, ", "));
    const auto found = name.empty() ? ensembles.begin() : ensembles.find(name);
    if (found == ensembles.end())
        throw Error(where + ": no ensemble \"" + name + "\"; there are: " + joined(names, ", "));
    return found->second;
}

Ensemble openEnsemble(const std::string &path, const std::string &name)
{
    // A folder of its own, or a project with only one, needs no name.
    if (name.empty())
        return engine::openEnsemble(path);
    return ensembleOf(openProject(path).ensembles, name, path);
}

}
