#pragma once
// A bus with one client, whose other end is the test.

#include "core/base/assert.h"
#include "sync/transport.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::sync::test {

class FakeBus final : public Transport {
 public:
  void start(Handlers given, std::function<Session()> make_session) override {
    handlers_ = std::move(given);
    make_session_ = std::move(make_session);
  }
  void publish(BusMessage message) override { published.push_back(std::move(message)); }

  void connect() {
    session = make_session_();
    handlers_.connected();
  }
  void disconnect() { handlers_.disconnected(); }
  void deliver(const std::string& topic, BytesView payload) { handlers_.message(topic, payload); }

  /// The payloads published under a topic so far; they are gone afterwards.
  std::vector<Bytes> take(const std::string& topic) {
    std::vector<Bytes> payloads;
    std::vector<BusMessage> rest;
    for (BusMessage& message : published) {
      if (message.topic == topic) {
        payloads.push_back(std::move(message.payload));
      } else {
        rest.push_back(std::move(message));
      }
    }
    published = std::move(rest);
    return payloads;
  }

  std::vector<BusMessage> published;
  Session session;  ///< of the last connection

 private:
  Handlers handlers_;
  std::function<Session()> make_session_;
};

}  // namespace cairn::sync::test
