#include "edge-agent/devices/camera_desk.h"

#include <algorithm>
#include <utility>

namespace cairn::agent {
namespace {

constexpr std::chrono::seconds kPatience(2);

tl::unexpected<Error> busy(const char* why) {
  return fail(ErrorCode::kUnavailable, "decoder_busy", why);
}

}  // namespace

Result<devices::DecodedImage> CameraDesk::decode(const std::string& station, BytesView picture,
                                                 devices::Effort effort) {
  if (auto turn = wait_for_turn(station); !turn) return fail(turn.error());
  struct Turn {
    CameraDesk* desk;
    ~Turn() { desk->end_turn(); }
  } const turn{this};
  return decode_(picture, effort);
}

Result<> CameraDesk::wait_for_turn(const std::string& station) {
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = ++tickets_;
  const auto older = std::ranges::find(waiting_, station, &Waiting::station);
  if (older != waiting_.end()) {
    older->ticket = ticket;  // it keeps its place in the line
    changed_.notify_all();
  } else if (waiting_.size() == kWaitingMost) {
    return busy("other stations' pictures are being decoded; nothing was scanned, try again");
  } else {
    waiting_.push_back({station, ticket});
  }
  const auto place = [&] { return std::ranges::find(waiting_, ticket, &Waiting::ticket); };
  const auto is_replaced = [&] { return place() == waiting_.end(); };
  const auto is_next = [&] { return !decoding_ && place() == waiting_.begin(); };
  const bool come = changed_.wait_for(lock, kPatience, [&] { return is_replaced() || is_next(); });
  if (is_replaced()) {
    return busy("a newer picture of this station was taken instead; this one was not looked at");
  }
  const bool next = come && is_next();
  waiting_.erase(place());
  if (!next) {
    changed_.notify_all();  // whoever stood behind may be the first now
    return busy("the decoder is busy; nothing was scanned, try again");
  }
  decoding_ = true;
  return {};
}

void CameraDesk::end_turn() {
  const std::lock_guard lock(mutex_);
  decoding_ = false;
  changed_.notify_all();
}

bool CameraDesk::is_new_sight(const std::string& station, const std::string& code) {
  const std::lock_guard lock(mutex_);
  return sights_.is_new(station, code, clock_->mono_now());
}

void CameraDesk::look(const std::string& station, const std::set<std::string>& codes) {
  const std::lock_guard lock(mutex_);
  sights_.look(station, codes, clock_->mono_now());
}

void CameraDesk::lift(const std::string& station) {
  const std::lock_guard lock(mutex_);
  sights_.lift(station);
}

void CameraDesk::forget_sight(const std::string& station, const std::string& code) {
  const std::lock_guard lock(mutex_);
  sights_.forget(station, code);
}

std::string camera_of(const std::string& station) { return "camera:" + station; }

}  // namespace cairn::agent
