#pragma once
// Live events for screens: text/event-stream to any number of browsers from one thread. The loop
// publishes after its commit and goes on; a screen that lost its connection resumes where it was,
// and learns when it cannot and must reload. Behind a StreamRoute of HttpServer, or alone over any
// connected socket.
//
// On the wire: events have ids "<boot>-<n>", boot being 8 random hexadecimal digits for each hub, n
// counting from 1. A client that names the last id it saw gets exactly what followed. Everybody
// else starts at "now" with `hello {"boot","missed"[,"build"]}`; missed = true: an id was named,
// but what followed is no longer known here. `heartbeat {"time"}` comes at an interval and has no
// id. Metrics: sse_clients, sse_slow_clients_total.

#include "core/base/metrics.h"
#include "core/base/time.h"
#include "core/runtime/unique_fd.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cairn::runtime {

class EventRing;
class SseClient;

class SseHub {
 public:
  struct Options {
    Duration heartbeat = std::chrono::seconds(5);
    std::size_t kept_events = 1024;  ///< How far back a client can resume.
    std::size_t lag_max = 256;  ///< Events a client may fall behind; beyond it is disconnected.
    std::string build;  ///< Of the pages, for `hello`, so that old ones reload; "": there are none.
  };
  /// A peer that has asked for the stream and not been answered yet.
  struct Client {
    UniqueFd socket;
    std::string head;  ///< Sent first: the response's head.
    std::optional<std::string> last_event_id;
  };

  SseHub(const Clock& clock, Metrics& metrics);
  SseHub(const Clock& clock, Metrics& metrics, Options options);
  SseHub(const SseHub&) = delete;
  SseHub& operator=(const SseHub&) = delete;
  ~SseHub();

  /// Sends an event to everybody. Never waits for a client. Any thread; events of one thread keep
  /// their order. `event`: a word; `json`: one line, as json::Value::dump gives it.
  void publish(std::string_view event, const std::string& json);

  /// Takes a client over. Any thread.
  void attach(Client client);
  /// Clients at present. Any thread.
  [[nodiscard]] std::size_t clients() const;
  /// Ends all present streams and returns when they are closed; the hub goes on. Any thread.
  void disconnect_all();

  [[nodiscard]] const std::string& boot() const { return boot_; }

 private:
  struct Inbox {  ///< What other threads want of the hub's thread.
    std::vector<Client> arrivals;
    std::uint64_t disconnects = 0;  ///< Calls of disconnect_all() so far.
    bool stop = false;
  };

  void run();
  void wait_for_something(MonoTime next_heartbeat);
  Inbox take_inbox();
  void accept(Client client);
  void heartbeat();
  void serve_clients();
  void report(std::uint64_t disconnects);
  void wake();

  const Clock& clock_;
  Metrics& metrics_;
  const Options options_;
  const std::string boot_;
  const std::unique_ptr<EventRing> ring_;
  const UniqueFd wake_fd_;

  mutable std::mutex mutex_;
  std::condition_variable disconnected_;
  Inbox inbox_;
  std::uint64_t disconnects_done_ = 0;
  std::size_t client_count_ = 0;  // arrivals and clients_
  bool woken_ = false;

  // The hub's thread only.
  std::vector<SseClient> clients_;
  std::size_t reported_clients_ = 0;

  std::thread thread_;
};

}  // namespace cairn::runtime
