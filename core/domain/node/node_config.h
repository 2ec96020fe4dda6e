#pragma once
// The configuration that head office wants a device to have, and what became of it. The device
// tries a version out and keeps it only if it works with it (docs/protocol.md, configuration).
// Pure.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::domain {

inline constexpr std::size_t kConfigValuesMost = 16U << 10U;
inline constexpr std::size_t kConfigErrorMost = 2000;

/// By the hub, in the device's feed. Versions of a device count 1, 2, 3.
struct NodeConfigDesired {
  static constexpr std::uint32_t kTypeId = 44;
  std::uint64_t version = 0;
  std::string values;  ///< a JSON object, laid over the device's file; "{}": the file alone
  friend bool operator==(const NodeConfigDesired&, const NodeConfigDesired&) = default;
};

/// Numbers are in records: never reused.
enum class ConfigOutcome : std::uint8_t {
  kApplied = 1,   ///< started with it, tested itself, reached the hub: it is in force
  kReverted = 2,  ///< tried, and the one before is in force again
  kRefused = 3,   ///< not tried: it cannot be read
};

/// "applied", "reverted", "refused".
std::string_view name_of(ConfigOutcome outcome);

/// By the device.
struct NodeConfigReported {
  static constexpr std::uint32_t kTypeId = 45;
  std::uint64_t version = 0;  ///< which this is about
  ConfigOutcome outcome = ConfigOutcome::kApplied;
  std::string error;           ///< why it is not in force; empty if it is
  std::uint64_t in_force = 0;  ///< 0: the device's file alone
  Bytes hash;                  ///< BLAKE2b-128 of the values in force
  friend bool operator==(const NodeConfigReported&, const NodeConfigReported&) = default;
};

struct ConfigVersion {
  std::uint64_t version = 0;
  std::string values = "{}";
  friend bool operator==(const ConfigVersion&, const ConfigVersion&) = default;
};

/// What a device remembers over restarts: the trial of a version is begun, on disk, before it is
/// started with, so that a start that comes to nothing is counted.
struct ConfigState {
  struct Trial {
    ConfigVersion tried;
    unsigned starts = 0;
    friend bool operator==(const Trial&, const Trial&) = default;
  };
  struct Verdict {
    std::uint64_t version = 0;  ///< 0: none was tried yet
    ConfigOutcome outcome = ConfigOutcome::kApplied;
    std::string error;
    friend bool operator==(const Verdict&, const Verdict&) = default;
  };
  ConfigVersion good;  ///< the last one that worked
  std::optional<Trial> trial;
  Verdict last;

  /// What to run with now.
  [[nodiscard]] const ConfigVersion& current() const { return trial ? trial->tried : good; }
  friend bool operator==(const ConfigState&, const ConfigState&) = default;
};

/// So often is a version started with that did not come to a verdict: power may fail once.
inline constexpr unsigned kTrialStartsMost = 2;

/// A version is wanted that is newer than all that were tried: true, and its trial begins with the
/// next start.
bool begin_trial(ConfigState& state, const ConfigVersion& wanted);
/// To be called, and saved, before anything is done with current(): a trial that was started too
/// often is over.
void note_start(ConfigState& state);
/// The trial's version works. Nothing without a trial.
void accept_trial(ConfigState& state);
/// The trial's version does not work. Nothing without a trial.
void revert_trial(ConfigState& state, std::string_view why);
/// The last good version works no more, because the device's file was changed: the file alone
/// holds.
void drop_good(ConfigState& state, std::string_view why);
/// A wanted version that cannot be tried at all.
void refuse_version(ConfigState& state, std::uint64_t version, std::string_view why);

}  // namespace cairn::domain
