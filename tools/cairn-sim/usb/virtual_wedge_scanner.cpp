#include "tools/cairn-sim/usb/virtual_wedge_scanner.h"

#include "tools/cairn-sim/octets.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::size_t kRecentReadsMost = 20;
/// Far fewer than there are numbers for device files.
constexpr std::size_t kGoneMost = 8;

std::string url_of(const UsbPlace& place) {
  return fmt::format("evdev:{:04x}:{:04x}{}{}", place.vendor, place.product,
                     place.serial.empty() ? "" : ":", place.serial);
}

VirtualWedgeScannerConfig placed(VirtualWedgeScannerConfig config) {
  if (config.place.port.empty()) config.place.port = config.place.bed->next_port();
  return config;
}

}  // namespace

VirtualWedgeScanner::VirtualWedgeScanner(VirtualWedgeScannerConfig config, const Clock&)
    : VirtualDevice(DeviceKind::kScanner, config.place.name),
      config_(placed(std::move(config))),
      typing_(KeyTyping::create(config_.style)) {}

VirtualWedgeScanner::~VirtualWedgeScanner() { (void)unplug(); }

Result<> VirtualWedgeScanner::plug() {
  if (!typing_) return fail(typing_.error());
  if (node()) return plugged_already();
  const UsbPlace& place = config_.place;
  auto plugged = std::make_shared<WedgeNode>(
      place.bed,
      WedgeIdentity{place.vendor, place.product, place.serial, place.port, !config_.knob});
  if (auto appeared = plugged->appear(); !appeared) return appeared;
  const std::scoped_lock lock(mutex_);
  node_ = std::move(plugged);
  stuck_ = 0;
  return {};
}

Result<> VirtualWedgeScanner::unplug() {
  std::shared_ptr<WedgeNode> pulled;
  {
    const std::scoped_lock lock(mutex_);
    pulled = std::exchange(node_, nullptr);
  }
  if (pulled == nullptr) return is_unplugged();
  pulled->disappear();
  const std::scoped_lock lock(mutex_);
  gone_.push_back(std::move(pulled));
  if (gone_.size() > kGoneMost) gone_.pop_front();
  return {};
}

std::shared_ptr<WedgeNode> VirtualWedgeScanner::node() const {
  const std::scoped_lock lock(mutex_);
  return node_;
}

void VirtualWedgeScanner::tell_place(json::Value& into) const {
  into.set("url", url_of(config_.place))
      .set("port", config_.place.port)
      .set("bed", config_.place.bed->dir());
}

void VirtualWedgeScanner::tell_state(json::Value& into) const {
  const auto plugged = node();
  const std::scoped_lock lock(mutex_);
  auto recent = json::Value::array();
  for (const std::string& sent : recent_) recent.add(sent);
  const auto grabs = plugged != nullptr ? plugged->grabs() : WedgeNode::Grabs();
  into.set("plugged", plugged != nullptr)
      .set("open", plugged != nullptr && plugged->is_grabbed())
      .set("grabbed", grabs.taken)
      .set("given_back", grabs.given_back)
      .set("layout", config_.style.layout)
      .set("keys", fault_.text())
      .set("aim", config_.aim)
      .set("recent", std::move(recent));
}

Result<> VirtualWedgeScanner::set_fault(const WedgeFault& fault) {
  const auto plugged = node();
  std::uint16_t stuck = 0;
  {
    const std::scoped_lock lock(mutex_);
    fault_ = fault;
    if (fault.kind == WedgeFault::Kind::kNone) stuck = std::exchange(stuck_, std::uint16_t{0});
  }
  if (plugged == nullptr || stuck == 0) return {};
  return plugged->write({stuck, false});
}

Result<Bytes> VirtualWedgeScanner::scan(const Label& label) {
  if (label.code.empty()) return fail(ErrorCode::kInvalid, "no_code", "what shall be scanned?");
  if (label.aim && !config_.aim) {
    return fail(ErrorCode::kConflict, "no_aim",
                fmt::format("{} is not set up to send AIM identifiers (setting aim)", name()));
  }
  const auto plugged = node();
  if (plugged == nullptr) return is_unplugged();
  if (!plugged->is_grabbed()) {
    return fail(ErrorCode::kUnavailable, "not_open",
                fmt::format("no program holds {}; what it types would go to the screen",
                            url_of(config_.place)));
  }
  const std::string aim =
      !config_.aim ? std::string() : label.aim.value_or(std::string(usual_aim(label.code)));
  const Bytes octets = aim + label.code + config_.suffix;
  if (auto typed = type(*plugged, octets); !typed) return fail(typed.error());
  return octets;
}

Result<> VirtualWedgeScanner::send(BytesView octets) {
  const auto plugged = node();
  if (plugged == nullptr) return is_unplugged();
  return type(*plugged, octets);
}

Result<> VirtualWedgeScanner::type(WedgeNode& node, BytesView octets) {
  const std::scoped_lock one_at_a_time(typing_now_);
  const auto strokes = typing_->strokes(octets);
  WedgeFault fault;
  {
    const std::scoped_lock lock(mutex_);
    recent_.push_front(format_octets(octets));
    if (recent_.size() > kRecentReadsMost) recent_.pop_back();
    fault = fault_;
    const bool once =
        fault.kind == WedgeFault::Kind::kDrop || fault.kind == WedgeFault::Kind::kStuck;
    if (once) fault_ = {};
    if (fault.kind == WedgeFault::Kind::kStuck && !strokes.empty()) stuck_ = strokes.front().code;
  }
  if (fault.kind == WedgeFault::Kind::kDrop) return type_with_hole(node, strokes);
  for (const Keystroke& stroke : strokes) {
    if (auto pressed = press(node, stroke); !pressed) return pressed;
  }
  return {};
}

/// The second third of it is lost.
Result<> VirtualWedgeScanner::type_with_hole(WedgeNode& node,
                                             const std::vector<Keystroke>& strokes) {
  const std::size_t begin = strokes.size() / 3;
  const std::size_t end = 2 * begin;
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    if (i == end) {
      if (auto told = node.tell_lost(); !told) return told;
    }
    if (i >= begin && i < end) {
      node.lose(strokes[i]);
    } else if (auto written = node.write(strokes[i]); !written) {
      return written;
    }
  }
  return {};
}

Result<> VirtualWedgeScanner::press(WedgeNode& node, Keystroke stroke) {
  bool pull = false;
  {
    const std::scoped_lock lock(mutex_);
    if (!stroke.down && stroke.code == stuck_) return {};
    if (stroke.down && fault_.kind == WedgeFault::Kind::kUnplugAfter) {
      pull = fault_.number == 0;
      if (pull) {
        fault_ = {};
      } else {
        --fault_.number;
      }
    }
  }
  if (!pull) return node.write(stroke);
  (void)unplug();  // what is still to be typed goes nowhere
  return {};
}

}  // namespace cairn::simulator
