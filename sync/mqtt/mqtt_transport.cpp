#include "sync/mqtt/mqtt_transport.h"

#include "core/base/bounded_queue.h"
#include "core/base/endpoint.h"
#include "sync/mqtt/no_delay.h"

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

namespace cairn::sync {
namespace {

constexpr std::size_t kInboxMost = 512;     // beyond: dropped, the bus may lose
constexpr std::size_t kDrainedAtOnce = 64;  // then other tasks get their turn
constexpr int kInFlightMost = 20;           // larger windows are slower in Paho
constexpr int kBufferedMost = 1024;
// Paho looks every five seconds: it notices a silent peer after twice this and ten seconds.
constexpr std::chrono::seconds kKeepAlive(10);
constexpr Duration kConnectDeadline = std::chrono::seconds(10);
constexpr Duration kAnswerDeadline = std::chrono::seconds(10);  // and what the slowest link needs:
constexpr std::int64_t kOctetsPerSecondLeast = 4096;            // 32 kbit/s
constexpr Duration kWatchEvery = std::chrono::seconds(2);
constexpr Duration kPauseLeast = std::chrono::milliseconds(200);
constexpr Duration kPauseMost = std::chrono::seconds(15);
constexpr Duration kStable = std::chrono::seconds(5);
constexpr int kAcknowledged = 1;
constexpr int kFireAndForget = 0;

/// Of tcp://host:port or ssl://host:port, as the configuration has checked it; 0: it is none.
std::uint16_t port_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return 0;
  const auto endpoint = Endpoint::parse(std::string_view(url).substr(scheme + 3));
  return endpoint ? endpoint->port : 0;
}

}  // namespace

/// Where Paho's threads leave what arrived. Closed before the transport goes, so that nothing late
/// is posted.
class MqttTransport::Mailbox : public std::enable_shared_from_this<MqttTransport::Mailbox> {
 public:
  struct Message {
    std::uint64_t life = 0;
    std::string topic;
    Bytes payload;
  };

  Mailbox(MqttTransport& owner, Executor& executor, Metrics& metrics, const std::string& prefix)
      : owner_(&owner),
        executor_(&executor),
        metrics_(&metrics),
        dropped_(prefix + "_inbox_dropped_total"),
        inbox_(kInboxMost) {}

  void put(Message message) {
    if (!inbox_.push(std::move(message))) {
      metrics_->count(dropped_);
      return;
    }
    if (!wake_posted_.exchange(true)) {
      tell([](MqttTransport& transport) { transport.drain(); });
    }
  }
  std::optional<Message> take() { return inbox_.pop(Duration(0)); }
  void drained() { wake_posted_ = false; }

  void tell(std::function<void(MqttTransport&)> news) {
    // A full loop loses the news; the connect deadline and the keep-alive notice what matters.
    const auto posted = executor_->post([self = shared_from_this(), news = std::move(news)] {
      if (MqttTransport* const owner = self->owner_) news(*owner);
    });
    if (!posted) wake_posted_ = false;
  }
  void close() { owner_ = nullptr; }

 private:
  std::atomic<MqttTransport*> owner_;
  Executor* executor_;
  Metrics* metrics_;
  std::string dropped_;
  BoundedQueue<Message> inbox_;
  std::atomic<bool> wake_posted_{false};
};

/// One Paho client and its callbacks.
class MqttTransport::Connection final : public mqtt::callback, public mqtt::iaction_listener {
 public:
  Connection(const MqttConfig& config, const Session& session, std::uint64_t life,
             std::shared_ptr<Mailbox> mailbox)
      : life_(life),
        port_(port_of(config.url)),
        fire_and_forget_(config.fire_and_forget),
        mailbox_(std::move(mailbox)),
        client_(config.url, config.client_id, options()) {
    client_.set_callback(*this);
    mqtt::connect_options connect;
    connect.set_mqtt_version(MQTTVERSION_3_1_1);
    connect.set_clean_session(true);
    connect.set_keep_alive_interval(kKeepAlive);
    connect.set_connect_timeout(std::chrono::duration_cast<std::chrono::seconds>(kConnectDeadline));
    connect.set_max_inflight(kInFlightMost);
    if (!config.user.empty()) {
      connect.set_user_name(config.user);
      connect.set_password(config.password);
    }
    if (session.will) {
      connect.set_will_message(mqtt::message(session.will->topic, session.will->payload,
                                             kAcknowledged, session.will->retain));
    }
    if (config.url.starts_with("ssl://")) {
      mqtt::ssl_options tls;
      if (!config.ca_file.empty()) tls.set_trust_store(config.ca_file);
      tls.set_verify(true);
      tls.set_enable_server_cert_auth(true);
      connect.set_ssl(tls);
    }
    client_.connect(connect, nullptr, *this);
  }

  void subscribe(const std::string& filter) {
    client_.subscribe(filter, fire_and_forget_ ? kFireAndForget : kAcknowledged, nullptr, *this);
  }
  /// True: the broker will answer.
  bool publish(const BusMessage& message) {
    const int qos = fire_and_forget_ && !message.retain ? kFireAndForget : kAcknowledged;
    client_.publish(message.topic, message.payload, qos, message.retain);
    return qos == kAcknowledged;
  }
  /// Publishes and subscriptions that the broker has answered so far. Any thread.
  [[nodiscard]] std::uint64_t answers() const { return answers_; }
  [[nodiscard]] bool is_open() const { return client_.is_connected(); }
  /// May take seconds: only on the reaper's thread.
  void disconnect() {
    try {
      if (client_.is_connected()) client_.disconnect(1000)->wait_for(std::chrono::seconds(2));
    } catch (const mqtt::exception&) {
      return;  // it is to be gone, and it is
    }
  }

 private:
  static mqtt::create_options options() {
    mqtt::create_options options(MQTTVERSION_3_1_1);
    options.set_max_buffered_messages(kBufferedMost);
    return options;
  }

  // ---- Paho's threads ----
  void on_success(const mqtt::token& token) override {
    if (token.get_type() == mqtt::token::Type::SUBSCRIBE) {
      ++answers_;
      return;
    }
    send_without_delay(port_);
    mailbox_->tell([life = life_](MqttTransport& transport) { transport.on_connected(life); });
  }
  void on_failure(const mqtt::token& token) override {
    if (token.get_type() == mqtt::token::Type::SUBSCRIBE) {
      ++answers_;  // refused: the broker's rules lack a topic, others may work
      return;
    }
    report_lost(fmt::format("connect refused ({})", token.get_return_code()));
  }
  void connection_lost(const std::string& why) override { report_lost(why); }
  void delivery_complete(mqtt::delivery_token_ptr) override { ++answers_; }
  void message_arrived(mqtt::const_message_ptr message) override {
    mailbox_->put({life_, message->get_topic(), message->get_payload()});
  }
  void report_lost(const std::string& why) {
    mailbox_->tell([life = life_, why](MqttTransport& transport) { transport.on_lost(life, why); });
  }

  const std::uint64_t life_;
  const std::uint16_t port_;
  const bool fire_and_forget_;
  const std::shared_ptr<Mailbox> mailbox_;  // shared: see MqttTransport::mailbox_
  std::atomic<std::uint64_t> answers_{0};
  mqtt::async_client client_;
};

/// Takes old connections apart on its own thread: Paho may block there.
class MqttTransport::Reaper {
 public:
  Reaper() : thread_([this] { run(); }) {}
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;
  ~Reaper() {
    dead_.close();
    thread_.join();
  }

  void take(std::unique_ptr<Connection> connection) {
    if (connection) static_cast<void>(dead_.push(std::move(connection)));
  }

 private:
  void run() {
    constexpr Duration kLong = std::chrono::hours(1);
    for (;;) {
      auto connection = dead_.pop(kLong);
      if (connection) {
        (*connection)->disconnect();
        continue;
      }
      if (dead_.closed()) return;
    }
  }

  BoundedQueue<std::unique_ptr<Connection>> dead_{64};
  std::thread thread_;
};

MqttTransport::MqttTransport(MqttConfig config, Env env)
    : config_(std::move(config)),
      env_(env),
      mailbox_(std::make_shared<Mailbox>(*this, env.executor, env.metrics, config_.metrics)),
      reaper_(std::make_unique<Reaper>()) {}

MqttTransport::~MqttTransport() {
  mailbox_->close();
  // A broker says it only for those who did not disconnect in order.
  if (connected_ && session_now_.will) publish(*session_now_.will);
  reaper_->take(std::move(connection_));
}

void MqttTransport::start(Handlers handlers, std::function<Session()> session) {
  handlers_ = std::move(handlers);
  session_ = std::move(session);
  mailbox_->tell([](MqttTransport& transport) { transport.connect(); });
}

void MqttTransport::connect() {
  ++life_;
  timer_ = env_.executor.after(kConnectDeadline, [this] {
    timer_.reset();
    give_up("no answer in time");
  });
  try {
    session_now_ = session_();
    connection_ = std::make_unique<Connection>(config_, session_now_, life_, mailbox_);
  } catch (const mqtt::exception& e) {
    give_up(e.what());
  }
}

/// This connection is over; the next is tried after a pause.
void MqttTransport::give_up(std::string_view why) {
  const bool was_connected = std::exchange(connected_, false);
  ++life_;
  if (timer_) env_.executor.cancel(*timer_);
  reaper_->take(std::move(connection_));
  const bool stable = connected_at_ && env_.clock.mono_now() - *connected_at_ > kStable;
  connected_at_.reset();
  attempt_ = stable ? 0 : std::min(attempt_ + 1, 10U);
  const Duration most = std::min(kPauseMost, kPauseLeast * (1U << attempt_));
  const Duration pause =
      most / 2 + Duration(static_cast<std::int64_t>(
                     env_.random.next() % static_cast<std::uint64_t>(most.count() / 2 + 1)));
  env_.log.warn("broker_unreachable", {{"url", config_.url},
                                       {"why", std::string(why)},
                                       {"again_in_ms", fmt::format("{}", pause.count() / 1000)}});
  env_.metrics.gauge(config_.metrics + "_connected", 0);
  timer_ = env_.executor.after(pause, [this] {
    timer_.reset();
    connect();
  });
  if (was_connected) handlers_.disconnected();
}

void MqttTransport::on_connected(std::uint64_t life) {
  if (life != life_ || !connection_) return;
  if (timer_) env_.executor.cancel(*timer_);
  timer_.reset();
  awaited_.clear();
  answers_ = 0;
  progress_at_ = env_.clock.mono_now();
  try {
    for (const std::string& filter : session_now_.subscriptions) {
      connection_->subscribe(filter);
      await_answer(filter.size());
    }
  } catch (const mqtt::exception& e) {
    give_up(e.what());
    return;
  }
  connected_ = true;
  connected_at_ = env_.clock.mono_now();
  env_.log.info("broker_connected", {{"url", config_.url}});
  env_.metrics.gauge(config_.metrics + "_connected", 1);
  timer_ = env_.executor.after(kWatchEvery, [this] { watch(); });
  handlers_.connected();
}

void MqttTransport::await_answer(std::size_t octets) {
  awaited_.push_back({env_.clock.mono_now(), octets});
}

/// The connection is up. Whether anybody answers at its other end?
void MqttTransport::watch() {
  timer_.reset();
  const MonoTime now = env_.clock.mono_now();
  const std::uint64_t answers = connection_->answers();
  if (answers != answers_) progress_at_ = now;
  // The broker answers in order, near enough: what counts is that it answers.
  for (; answers_ != answers; ++answers_) {
    if (!awaited_.empty()) awaited_.pop_front();
  }
  if (!connection_->is_open()) {
    give_up("connection lost");  // the news of it came when the loop was full
    return;
  }
  if (!awaited_.empty()) {
    const Awaited& oldest = awaited_.front();
    const Duration transfer = std::chrono::microseconds(static_cast<std::int64_t>(oldest.octets) *
                                                        1'000'000 / kOctetsPerSecondLeast);
    if (now - std::max(progress_at_, oldest.since) > kAnswerDeadline + transfer) {
      env_.metrics.count("mqtt_stalled_total");
      give_up("the broker answers nothing any more");
      return;
    }
  }
  timer_ = env_.executor.after(kWatchEvery, [this] { watch(); });
}

void MqttTransport::on_lost(std::uint64_t life, const std::string& why) {
  if (life == life_) give_up(why.empty() ? "connection lost" : why);
}

void MqttTransport::publish(BusMessage message) {
  if (!connected_) return;
  try {
    if (connection_->publish(message)) await_answer(message.payload.size());
  } catch (const mqtt::exception& e) {
    // Too much in flight, or just disconnected: lost, as the bus may lose anything.
    env_.metrics.count(config_.metrics + "_publish_dropped_total");
    env_.log.debug("publish_dropped", {{"topic", message.topic}, {"why", e.what()}});
  }
}

void MqttTransport::drain() {
  mailbox_->drained();
  for (std::size_t i = 0; i < kDrainedAtOnce; ++i) {
    auto message = mailbox_->take();
    if (!message) return;
    if (message->life == life_ && connected_) handlers_.message(message->topic, message->payload);
  }
  mailbox_->tell([](MqttTransport& transport) { transport.drain(); });
}

}  // namespace cairn::sync
