#pragma once
// Writes down what a driver's thread reports; the test's thread waits for it and looks at it.

#include "device-drivers/api/device.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace cairn::devices::test {

/// Far more than anything here takes; only a failing test waits that long.
constexpr std::chrono::seconds kPatience{20};

/// What all devices report. The Seen of a recorder is derived from it.
struct SeenStates {
  std::vector<StateChange> states;
  std::vector<std::string> order;  ///< "online", "offline" and what else happened, as it came

  [[nodiscard]] bool online() const {
    return !states.empty() && states.back().state == DeviceState::kOnline;
  }
  [[nodiscard]] bool offline() const { return !states.empty() && !online(); }
};

template <class SeenByDriver>
class Recorder {
 public:
  using Seen = SeenByDriver;

  [[nodiscard]] Seen seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
  }

  /// True once `enough` holds; false if it does not within `limit`.
  bool wait(const std::function<bool(const Seen&)>& enough,
            std::chrono::milliseconds limit = kPatience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [this, &enough] { return enough(seen_); });
  }
  bool wait_online() {
    return wait([](const Seen& seen) { return seen.online(); });
  }
  bool wait_offline() {
    return wait([](const Seen& seen) { return seen.offline(); });
  }

 protected:
  Recorder() = default;
  ~Recorder() = default;

  template <class Change>
  void record(Change change) {
    {
      const std::scoped_lock lock(mutex_);
      change(seen_);
    }
    changed_.notify_all();
  }
  void record_state(StateChange change) {
    record([&change](Seen& seen) {
      seen.order.emplace_back(name_of(change.state));
      seen.states.push_back(std::move(change));
    });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
};

}  // namespace cairn::devices::test
