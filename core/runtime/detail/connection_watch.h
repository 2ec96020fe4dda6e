#pragma once
// Ends connections that take too long. The library's own time-outs are for each read and each
// write, so that a peer which drips one octet at a time would hold its thread for hours. Any
// thread.

#include "core/base/time.h"
#include "core/runtime/unique_fd.h"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace cairn::runtime {

class ConnectionWatch {
 public:
  explicit ConnectionWatch(const Clock& clock);
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;
  ~ConnectionWatch();

  /// One connection under watch, from its thread; ends with the connection.
  class Ticket {
   public:
    /// `socket`: a copy of the connection's own, so that its number cannot mean another one.
    Ticket(ConnectionWatch& watch, UniqueFd socket);
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket();

    /// Between two requests: ends at once when the server stops.
    void idle(Duration at_most);
    /// Something is being received or sent.
    void transfer(Duration at_most);
    /// A handler works: for as long as it takes.
    void work();

   private:
    ConnectionWatch& watch_;
    std::uint64_t id_;
  };

  /// The server stops: ends idle connections now, and those that become idle later.
  void stop();
  /// Ends every connection.
  void abort();

 private:
  struct Watched {
    UniqueFd socket;
    std::optional<MonoTime> deadline;
    bool idle = true;
  };

  std::uint64_t add(UniqueFd socket);
  void set(std::uint64_t id, std::optional<Duration> at_most, bool idle);
  void remove(std::uint64_t id);
  void run();

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Watched> watched_;
  std::uint64_t next_id_ = 1;
  MonoTime wakes_at_;  ///< when the thread looks again by itself
  bool stopping_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace cairn::runtime
