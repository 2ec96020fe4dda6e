#pragma once
// The connections of a server: waiting for a thread, at work, or idle between two requests. A
// thread for each connection is only affordable because an idle one never keeps its thread from a
// waiting one. Not Poco::Net::TCPServer, which cannot do this, drops the overflow without a word
// and needs 250 ms to stop. Any thread.

#include "core/base/time.h"

#include <Poco/Net/StreamSocket.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <mutex>

namespace cairn::runtime {

class ConnectionRegistry {
  struct Entry;

 public:
  /// Poco counts references to a socket; we keep one only, so that it closes where its connection
  /// ends.
  using Socket = std::unique_ptr<Poco::Net::StreamSocket>;

  /// A connection that has its thread.
  class Seat {
   public:
    Seat(ConnectionRegistry& registry, std::list<Entry>::iterator entry);
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    ~Seat();  ///< Closes the socket.

    [[nodiscard]] Poco::Net::StreamSocket& socket() const;
    /// Before waiting for the next request. False: end the connection instead, others need the
    /// thread.
    [[nodiscard]] bool rest();
    /// A request has begun.
    void work();

   private:
    ConnectionRegistry& registry_;
    const std::list<Entry>::iterator entry_;
  };

  ConnectionRegistry(std::size_t max_threads, std::size_t max_waiting);

  /// A new connection waits for a thread; an idle one is ended for it if all are taken. Gives the
  /// socket back if too many wait already.
  [[nodiscard]] Socket admit(Socket socket);
  /// The next connection for the calling thread, when there is one; null once stopped.
  [[nodiscard]] std::unique_ptr<Seat> take();
  /// True if connections should end with their present response.
  [[nodiscard]] bool crowded() const;

  /// Ends waiting and idle connections; those at work end after their response.
  void stop();
  /// Waits until all have left. False after `timeout`.
  [[nodiscard]] bool wait_until_empty(Duration timeout);
  /// Cuts off who is still there, e.g. a peer that does not read its response.
  void abort();

 private:
  struct Entry {
    Socket socket;
    bool idle = false;
  };

  const std::size_t max_threads_;
  const std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable left_;
  std::deque<Socket> waiting_;
  std::list<Entry> entries_;  // among the idle ones the longest idle first
  bool stopping_ = false;
};

}  // namespace cairn::runtime
