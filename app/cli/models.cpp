// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/models.h"

#include "engine/core/text.h"
#include "engine/project/ensemble_files.h"
#include "engine/project/known_networks.h"
#include "engine/project/project.h"

#include <vector>

namespace cli {

using namespace engine;
namespace fs = std::filesystem;

Megnet openParent(const std::string &file)
{
    return file.empty() ? openBundledNetwork("formation_energy") : openNetwork(file);
}

Megnet openParentOf(const Ensemble &ensemble, const std::string &file)
{
    return file.empty() ? findNetwork(ensemble.parentSha256, ensemble.parentName) : openNetwork(file);
}

std::optional<Megnet> openModel(const std::string &file, const std::string &bundledStem)
{
    if (file == "none")
        return {};
    if (!file.empty())
        return openNetwork(file);
    if (!fs::exists(bundledNetworksFolder() / (bundledStem + ".hdf5")))
        return {};
    return openBundledNetwork(bundledStem);
}

std::optional<StartingWeights> openStart(const std::string &path, const Megnet &parent)
{
    if (path.empty())
        return {};
    const fs::path bundled = bundledNetworksFolder() / "atomsets_metal";
    Ensemble start = engine::openEnsemble(path == "metal" && !fs::exists(path) ? bundled : fs::path(path));
    if (start.parentSha256 != parent.sha256)
        throw Error(path + ": was trained on features of " + start.parentName + " (sha256 " + start.parentSha256 +
                    "), not of " + parent.name + "; give that one with --parent");
    if (start.members.empty())
        throw Error(path + ": has no member whose weights training could start from");
    // What a report shows is no path of this machine.
    return StartingWeights{start.members.front(), fs::path(path).filename().string(), ensembleSha256(start)};
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
