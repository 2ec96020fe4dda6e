#pragma once
// The bus of the simulated world: topics and retained messages like a broker, and everything a real
// one can do to a message: drop, duplicate, delay (and so reorder); links break, the broker
// restarts and forgets.

#include "sync/transport.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::sim {

struct NetworkFaults {
  std::uint64_t drop_percent = 0;
  std::uint64_t duplicate_percent = 0;
  Duration delay_most{1000};
};

class SimNetwork {
 public:
  using Watcher = std::function<void(int endpoint, const sync::BusMessage& message)>;

  SimNetwork(Timeline& timeline, SimRandom& random) : timeline_(&timeline), random_(&random) {}

  NetworkFaults faults;
  /// Sees every message as it is published, before anything happens to it.
  Watcher on_publish;

  /// A new life of the endpoint attaches; the last one is gone.
  std::unique_ptr<sync::Transport> attach(int endpoint);
  /// The endpoint's power went off; its will is published.
  void detach(int endpoint);
  /// Cuts or mends the endpoint's link.
  void set_link(int endpoint, bool up);
  [[nodiscard]] bool link_up(int endpoint) { return clients_[endpoint].link_up; }
  void restart_broker();
  /// Folded over every delivery: equal seeds must give equal traces.
  [[nodiscard]] std::uint64_t trace() const { return trace_; }

 private:
  class Port;
  struct Client {
    Port* port = nullptr;
    bool link_up = true;
    bool connected = false;
    std::uint64_t life = 0;  ///< counts connections: late deliveries to an old one are lost
    sync::Transport::Session session;
  };

  void try_connect(int endpoint);
  void disconnect(int endpoint);
  void publish(int endpoint, const sync::BusMessage& message);
  void route(const sync::BusMessage& message);
  void deliver(int endpoint, const sync::BusMessage& message);
  Duration delay();

  Timeline* timeline_;
  SimRandom* random_;
  std::map<int, Client> clients_;
  std::map<std::string, sync::BusMessage> retained_;
  std::uint64_t trace_ = 0xCBF29CE484222325ULL;
};

}  // namespace cairn::sim
