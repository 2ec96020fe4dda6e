#include "core/runtime/detail/event_ring.h"

#include "core/base/assert.h"
#include "core/base/numbers.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::runtime {
namespace {

bool is_one_line(std::string_view text) {
  return text.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

EventRing::EventRing(std::string boot, std::size_t capacity)
    : boot_(std::move(boot)), capacity_(capacity) {}

void EventRing::append(std::string_view event, std::string_view json) {
  const std::scoped_lock lock(mutex_);
  frames_.push_back(event_frame(id_of(++last_), event, json));
  if (frames_.size() > capacity_) frames_.pop_front();
}

EventRing::Start EventRing::start(const std::optional<std::string>& last_event_id) const {
  const std::scoped_lock lock(mutex_);
  const Start now{last_, false};
  if (!last_event_id || !last_event_id->starts_with(boot_ + "-")) return now;
  const auto number = parse_unsigned(std::string_view(*last_event_id).substr(boot_.size() + 1));
  if (!number || *number > last_ || *number < last_ - frames_.size()) return now;
  return {*number, true};
}

bool EventRing::read(std::uint64_t& after, std::string& out, std::size_t octets) const {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t dropped = last_ - frames_.size();
  if (after < dropped) return false;
  while (after < last_ && out.size() < octets) out += frames_[after++ - dropped];
  return true;
}

std::uint64_t EventRing::last() const {
  const std::scoped_lock lock(mutex_);
  return last_;
}

std::string EventRing::id_of(std::uint64_t number) const {
  return fmt::format("{}-{}", boot_, number);
}

std::string event_frame(std::string_view id, std::string_view event, std::string_view json) {
  CAIRN_ASSERT(!event.empty() && is_one_line(event) && is_one_line(json),
               "a frame is made of lines");
  const std::string id_line = id.empty() ? std::string() : fmt::format("id: {}\n", id);
  return fmt::format("{}event: {}\ndata: {}\n\n", id_line, event, json);
}

}  // namespace cairn::runtime
