#pragma once
// A device with a program of tomorrow, or a broken one: it speaks the protocol, but only some of
// what it records means anything to the others. They keep and pass on all of it (I18).

#include "core/crypto/hash.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace cairn::sim {

class StrangeNode {
 public:
  /// At site "store". `world` outlives it.
  StrangeNode(World& world, std::uint64_t seed);

  /// At the hub; once, after the site is there.
  void register_at_hub();
  /// Records something now and then, until `until`.
  void plan(MonoTime until);
  /// Everything it wrote is acknowledged.
  [[nodiscard]] bool quiet() const;
  /// At rest: every replica of the site and the hub has all of it, and set aside what it should.
  void check() const;
  [[nodiscard]] std::int64_t written() const { return static_cast<std::int64_t>(records_.size()); }

 private:
  void write_something();
  void write(const Bytes& octets, bool set_aside);
  void say_something();
  void send_hello();
  void send_frame();
  void hear(const std::string& topic, BytesView payload);

  World* world_;
  SimRandom random_;
  NodeId node_;
  std::unique_ptr<SimExecutor> executor_;
  std::unique_ptr<sync::Transport> transport_;
  std::vector<Bytes> records_;
  std::vector<crypto::Hash128> chains_;  ///< chains_[n]: after n records
  std::int64_t set_aside_ = 0;           ///< of them, by everybody
  std::int64_t receipts_ = 0;            ///< of them, understood by everybody
  std::uint64_t hwm_ = 0;
  HubGeneration gen_;  ///< that said so
  std::uint64_t correlation_ = 0;
  bool live_ = false;
};

}  // namespace cairn::sim
