#include "edge-agent/remote/config_store.h"

#include "core/json/reader.h"
#include "core/storage/durable_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::agent {
namespace {

using domain::ConfigOutcome;
using domain::ConfigState;
using domain::ConfigVersion;

constexpr std::array kOutcomes = {ConfigOutcome::kApplied, ConfigOutcome::kReverted,
                                  ConfigOutcome::kRefused};

json::Value version_json(const ConfigVersion& version) {
  return json::Value::object().set("version", version.version).set("values", version.values);
}

ConfigVersion read_version(json::Reader& in) {
  ConfigVersion version;
  version.version = static_cast<std::uint64_t>(in.integer("version", 0, INT64_MAX));
  version.values = in.text("values", {2, domain::kConfigValuesMost});
  return version;
}

ConfigState read_state(json::Reader& in) {
  ConfigState state;
  json::Reader good = in.object("good");
  state.good = read_version(good);
  if (in.has("trial")) {
    json::Reader trial = in.object("trial");
    const auto starts = static_cast<unsigned>(trial.integer("starts", 0, 1000));
    state.trial = ConfigState::Trial{read_version(trial), starts};
  }
  json::Reader last = in.object("last");
  state.last.version = static_cast<std::uint64_t>(last.integer("version", 0, INT64_MAX));
  const std::string outcome = last.text("outcome", {1, 20});
  const auto known = std::ranges::find_if(
      kOutcomes, [&outcome](ConfigOutcome each) { return name_of(each) == outcome; });
  if (known == kOutcomes.end()) {
    last.problem("outcome", "is unknown");
  } else {
    state.last.outcome = *known;
  }
  state.last.error = last.text("error", {0, domain::kConfigErrorMost});
  return state;
}

}  // namespace

Result<ConfigState> ConfigStore::load() const {
  const auto text = storage::read_file(file_);
  if (!text) return ConfigState{};
  const auto value = json::parse(*text);
  if (value) {
    json::Reader reader(*value);
    auto state = read_state(reader);
    if (reader.done()) return state;
  }
  return fail(ErrorCode::kCorrupt, "bad_config_state",
              fmt::format("{} cannot be understood: the device's own file alone holds until head "
                          "office sends another version",
                          file_));
}

Result<> ConfigStore::save(const ConfigState& state) const {
  auto object = json::Value::object();
  object.set("good", version_json(state.good));
  if (state.trial)
    object.set("trial", version_json(state.trial->tried).set("starts", state.trial->starts));
  object.set("last", json::Value::object()
                         .set("version", state.last.version)
                         .set("outcome", name_of(state.last.outcome))
                         .set("error", state.last.error));
  return storage::replace_file(file_, object.dump() + "\n");
}

}  // namespace cairn::agent
