#include "tools/cairn-sim/usb/usb_wire.h"

#include "tools/cairn-sim/usb/usb_node.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::simulator {
namespace {

using std::chrono::milliseconds;

/// A program may still fetch what was completed before the plug was pulled.
constexpr milliseconds kFetchWithin(200);
/// Of a slow device: how often it is looked whether something is due.
constexpr milliseconds kLateStep(1);

bool is_out(const UsbEndpoint& endpoint) { return (endpoint.address & 0x80U) == 0; }

}  // namespace

UsbWire::UsbWire(std::shared_ptr<UsbBed> bed, UsbDescription device, UsbFunction& function,
                 const Clock& clock)
    : bed_(std::move(bed)), device_(std::move(device)), function_(function), clock_(clock) {
  thread_ = std::thread([this] { serve(); });
}

UsbWire::~UsbWire() {
  unplug();
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Result<> UsbWire::plug() {
  const std::scoped_lock plugging(plugging_);
  finish_unplug();
  auto node = std::make_shared<UsbNode>(*this, bed_->next_number());
  {
    const std::scoped_lock lock(mutex_);
    if (fault_.kind == UsbFault::Kind::kStale) {
      fault_ = {};
      if (!last_.empty()) node->put(last_);
    }
    node_ = node;
  }
  auto appeared = node->appear();
  if (!appeared) {
    const std::scoped_lock lock(mutex_);
    node_.reset();
  }
  return appeared;
}

void UsbWire::unplug() {
  const std::scoped_lock plugging(plugging_);
  {
    const std::scoped_lock lock(mutex_);
    if (node_ == nullptr) return;
    if (!pulled_) node_->hang_up();
    pulled_ = true;
  }
  finish_unplug();
}

void UsbWire::finish_unplug() {
  std::shared_ptr<UsbNode> node;
  {
    std::unique_lock lock(mutex_);
    if (!pulled_) return;
    changed_.wait_for(lock, kFetchWithin, [this] { return !node_->has_unfetched(); });
    node = std::exchange(node_, nullptr);
    pulled_ = false;
    late_.clear();
    function_.power_off();
    using Kind = UsbFault::Kind;
    if (fault_.kind == Kind::kUnplugAfter || fault_.kind == Kind::kStallReopen) fault_ = {};
  }
  node->disappear();
  const std::scoped_lock lock(mutex_);
  gone_.push_back(std::move(node));
}

bool UsbWire::is_plugged() const {
  const std::scoped_lock lock(mutex_);
  return node_ != nullptr && !pulled_;
}

bool UsbWire::is_open() const {
  const std::scoped_lock lock(mutex_);
  return node_ != nullptr && !pulled_ && node_->is_claimed();
}

void UsbWire::send(const std::vector<Bytes>& messages) {
  const std::scoped_lock lock(mutex_);
  if (node_ == nullptr || pulled_) return;
  queue(messages);
  node_->pump();
}

void UsbWire::say(Bytes message) {
  const std::scoped_lock lock(mutex_);
  if (node_ == nullptr || pulled_) return;
  if (fault_.kind != UsbFault::Kind::kSlow) node_->forget_messages();
  queue({std::move(message)});
  node_->pump();
}

void UsbWire::queue(std::vector<Bytes> messages) {
  for (Bytes& message : messages) {
    last_ = message;
    if (fault_.kind == UsbFault::Kind::kSlow) {
      late_.push_back({clock_.mono_now() + milliseconds(fault_.number), std::move(message)});
    } else {
      node_->put(std::move(message));
    }
  }
  changed_.notify_all();
}

void UsbWire::set_fault(const UsbFault& fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  changed_.notify_all();
  if (node_ != nullptr && !pulled_) node_->pump();
}

UsbFault UsbWire::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

void UsbWire::give(BytesView octets) { queue(function_.take(octets)); }

void UsbWire::out_arrived() {
  if (fault_.kind != UsbFault::Kind::kSlow) return;
  takes_from_ = clock_.mono_now() + milliseconds(fault_.number);
  changed_.notify_all();
}

bool UsbWire::takes_now() const {
  return fault_.kind != UsbFault::Kind::kSlow || clock_.mono_now() >= takes_from_;
}

bool UsbWire::takes_octets() const {
  const auto& endpoints = device_.settings.back().endpoints;
  return std::ranges::any_of(endpoints, &is_out);
}

void UsbWire::was_pulled() {
  pulled_ = true;
  changed_.notify_all();
}

void UsbWire::serve() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const bool is_slow = fault_.kind == UsbFault::Kind::kSlow || !late_.empty();
    if (is_slow) {
      changed_.wait_for(lock, kLateStep);
    } else {
      changed_.wait(lock);
    }
    if (pulled_) {
      lock.unlock();
      {
        const std::scoped_lock plugging(plugging_);
        finish_unplug();
      }
      lock.lock();
      continue;
    }
    while (node_ != nullptr && !late_.empty() && clock_.mono_now() >= late_.front().due) {
      node_->put(std::move(late_.front().message));
      late_.pop_front();
    }
    if (is_slow && node_ != nullptr) node_->pump();
  }
}

}  // namespace cairn::simulator
