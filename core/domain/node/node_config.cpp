#include "core/domain/node/node_config.h"

#include <utility>

namespace cairn::domain {
namespace {

std::string cut(std::string_view text) { return std::string(text.substr(0, kConfigErrorMost)); }

}  // namespace

std::string_view name_of(ConfigOutcome outcome) {
  switch (outcome) {
    case ConfigOutcome::kApplied:
      return "applied";
    case ConfigOutcome::kReverted:
      return "reverted";
    case ConfigOutcome::kRefused:
      return "refused";
  }
  return "";
}

bool begin_trial(ConfigState& state, const ConfigVersion& wanted) {
  if (state.trial || wanted.version <= state.last.version) return false;
  state.trial = ConfigState::Trial{wanted, 0};
  return true;
}

void note_start(ConfigState& state) {
  if (!state.trial) return;
  if (state.trial->starts < kTrialStartsMost) {
    ++state.trial->starts;
    return;
  }
  revert_trial(state, "the agent ended or hung twice before it had tested itself");
}

void accept_trial(ConfigState& state) {
  if (!state.trial) return;
  state.good = std::move(state.trial->tried);
  state.trial.reset();
  state.last = {state.good.version, ConfigOutcome::kApplied, ""};
}

void revert_trial(ConfigState& state, std::string_view why) {
  if (!state.trial) return;
  state.last = {state.trial->tried.version, ConfigOutcome::kReverted, cut(why)};
  state.trial.reset();
}

void drop_good(ConfigState& state, std::string_view why) {
  state.last = {state.good.version, ConfigOutcome::kReverted, cut(why)};
  state.good = {};
}

void refuse_version(ConfigState& state, std::uint64_t version, std::string_view why) {
  state.last = {version, ConfigOutcome::kRefused, cut(why)};
}

}  // namespace cairn::domain
