#pragma once
// The bus over MQTT 3.1.1 with Eclipse Paho. One client a connection: a lost or silent one is
// thrown away and another is made, after a pause that grows. Nothing is kept by the library (no
// persistence, no automatic reconnect, no buffer while disconnected): the log is the outbox. Paho
// is known to this folder only.
//
// A connection that is open and answers nothing is lost, too: every publish and subscription is
// awaited, and when none of them is answered for a while the client is given up.
//
// Paho calls back on its own threads; there only bytes are copied. Everything else happens on the
// loop.

#include "core/base/env.h"
#include "sync/transport.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace cairn::sync {

struct MqttConfig {
  std::string url;        ///< tcp://host:port or ssl://host:port
  std::string client_id;  ///< unique at the broker
  std::string user;
  std::string password;
  std::string ca_file;           ///< ssl: certificate authorities to trust; empty: the system's
  std::string metrics = "mqtt";  ///< what its metrics begin with
  /// Asks for no acknowledgement of what is not retained (QoS 0): for the hub, whose thousands of
  /// messages a second repeat themselves. A device wants to hear that its broker is there.
  bool fire_and_forget = false;
};

class MqttTransport final : public Transport {
 public:
  /// `env` outlives the transport, its executor's threads included.
  MqttTransport(MqttConfig config, Env env);
  MqttTransport(const MqttTransport&) = delete;
  MqttTransport& operator=(const MqttTransport&) = delete;
  ~MqttTransport() override;

  void start(Handlers handlers, std::function<Session()> session) override;
  void publish(BusMessage message) override;

 private:
  class Connection;
  class Mailbox;
  class Reaper;

  void connect();
  void give_up(std::string_view why);
  void on_connected(std::uint64_t life);
  void on_lost(std::uint64_t life, const std::string& why);
  void await_answer(std::size_t octets);
  void watch();
  void drain();

  /// Something that the broker has not answered yet.
  struct Awaited {
    MonoTime since;
    std::size_t octets = 0;
  };

  MqttConfig config_;
  Env env_;
  Handlers handlers_;
  std::function<Session()> session_;
  Session session_now_;               ///< of the present connection
  std::shared_ptr<Mailbox> mailbox_;  // shared with Paho's threads, which may outlive a connection
  std::unique_ptr<Reaper> reaper_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t life_ = 0;  ///< counts connections: late news of an old one is ignored
  bool connected_ = false;
  unsigned attempt_ = 0;
  std::optional<MonoTime> connected_at_;
  std::deque<Awaited> awaited_;             ///< of the present connection, the oldest first
  std::uint64_t answers_ = 0;               ///< of the present connection, when we last looked
  MonoTime progress_at_;                    ///< when we last saw that one had come
  std::optional<Executor::TimerId> timer_;  ///< connect, pause, or the next look
};

}  // namespace cairn::sync
