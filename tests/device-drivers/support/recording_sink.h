#pragma once
// Writes down what a driver's thread reports; the test's thread waits for it and looks at it.

#include "device-drivers/api/scanner.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::test {

/// Far more than anything here takes; only a failing test waits that long.
constexpr std::chrono::seconds kPatience{20};

class RecordingSink final : public ScannerSink {
 public:
  struct Seen {
    std::vector<Scan> scans;
    std::vector<FailedRead> failed;
    std::vector<StateChange> states;
    std::vector<std::string> order;  ///< "scan", "failed", "online", "offline" as they came

    [[nodiscard]] bool online() const {
      return !states.empty() && states.back().state == DeviceState::kOnline;
    }
    [[nodiscard]] bool offline() const { return !states.empty() && !online(); }
    [[nodiscard]] std::vector<std::string> codes() const {
      std::vector<std::string> codes;
      for (const Scan& scan : scans) codes.push_back(scan.sent);
      return codes;
    }
  };

  void on_scan(Scan scan) override {
    record([&scan](Seen& seen) {
      seen.scans.push_back(std::move(scan));
      seen.order.emplace_back("scan");
    });
  }
  void on_failed_read(FailedRead read) override {
    record([&read](Seen& seen) {
      seen.failed.push_back(std::move(read));
      seen.order.emplace_back("failed");
    });
  }
  void on_state(StateChange change) override {
    record([&change](Seen& seen) {
      seen.order.emplace_back(name_of(change.state));
      seen.states.push_back(std::move(change));
    });
  }

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
  bool wait_scans(std::size_t count) {
    return wait([count](const Seen& seen) { return seen.scans.size() >= count; });
  }

 private:
  template <class Change>
  void record(Change change) {
    {
      const std::scoped_lock lock(mutex_);
      change(seen_);
    }
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
};

}  // namespace cairn::devices::test
