#pragma once
// A bus without a broker: nodes with a log made beforehand, which send it as their uplink would, at
// most eight frames at a time. Loop only.

#include "core/base/executor.h"
#include "sync/transport.h"
#include "tools/bench/probes/store_day.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cairn::bench {

class HubBus final : public sync::Transport {
 public:
  explicit HubBus(Executor& executor) : executor_(&executor) {}

  void start(Handlers handlers, std::function<Session()> session) override;
  void publish(sync::BusMessage message) override;

  void connect() { handlers_.connected(); }
  void say_hello(const FramedLog& log);
  /// Sends the log's frames from the first one on that was not sent yet; `done` runs when the hub
  /// has acknowledged the last.
  void send(const std::vector<FramedLog>& logs, std::function<void()> done);

 private:
  static constexpr std::size_t kWindow = 8;
  struct Sender {
    const FramedLog* log = nullptr;
    std::size_t next = 0;
    std::size_t acked = 0;  ///< frames
  };

  void acked(Sender& sender, std::uint64_t hwm);
  void deliver(Sender& sender);

  Executor* executor_;
  Handlers handlers_;
  std::map<std::string, Sender> senders_;  ///< by the topic of their acks
  std::size_t unfinished_ = 0;
  std::function<void()> done_;
};

}  // namespace cairn::bench
