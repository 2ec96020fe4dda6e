#include "device-drivers/escpos/status.h"

#include <utility>

namespace cairn::devices {
namespace {

constexpr unsigned bit(unsigned number) { return 1U << number; }

/// 0xx1xx10
bool is_answer(unsigned octet) { return (octet & 0x93U) == 0x12U; }
/// 0xx1xx00
bool begins_automatic(unsigned octet) { return (octet & 0x93U) == 0x10U; }
/// 0xx0xxxx
bool continues_automatic(unsigned octet) { return (octet & 0x90U) == 0x00U; }
bool is_flow_control(unsigned octet) { return octet == 0x11U || octet == 0x13U; }

}  // namespace

std::string EscPosStatus::fault() const {
  if (cover_open) return "its cover is open";
  if (paper_out) return "it is out of paper";
  if (cutter_error)
    return "its cutter is blocked: open it, take out the paper, switch it off and on";
  if (needs_service) return "it has an error that it does not get over: switch it off and on";
  if (recovers) return "it is too hot and waits until it has cooled down";
  if (fed_by_key) return "somebody holds its feed key";
  if (offline) return "it is offline";
  return {};
}

std::vector<EscPosStatusReader::Heard> EscPosStatusReader::feed(std::string_view octets) {
  std::vector<Heard> all;
  for (const char c : octets) {
    const unsigned octet = static_cast<unsigned char>(c);
    if (is_flow_control(octet)) continue;
    if (is_answer(octet)) {
      if (expected_ == 0) continue;  // to a question that was given up
      read_answer(octet);
      all.push_back({Heard::Kind::kAnswer, status_});
    } else if (begins_automatic(octet)) {
      block_[0] = octet;
      block_size_ = 1;
    } else if (block_size_ > 0 && continues_automatic(octet)) {
      block_.at(block_size_++) = octet;
      if (block_size_ < block_.size()) continue;
      read_automatic();
      all.push_back({Heard::Kind::kAutomatic, status_});
    } else {
      block_size_ = 0;
      if (continues_automatic(octet) && unanswered_ > 0) {
        --unanswered_;
        all.push_back({Heard::Kind::kProcessed, status_});
      }
    }
  }
  return all;
}

void EscPosStatusReader::reset() {
  expected_ = 0;
  block_size_ = 0;
  status_ = {};
}

void EscPosStatusReader::read_answer(unsigned octet) {
  const auto is_set = [octet](unsigned number) { return (octet & bit(number)) != 0; };
  switch (std::exchange(expected_, 0)) {
    case 1:
      status_.drawer_pin_high = is_set(2);
      status_.offline = is_set(3);
      break;
    case 2:
      status_.cover_open = is_set(2);
      status_.fed_by_key = is_set(3);
      status_.paper_out = is_set(5);
      break;
    case 3:
      status_.cutter_error = is_set(3);
      status_.needs_service = is_set(5);
      status_.recovers = is_set(6);
      break;
    default:
      status_.paper_near_end = is_set(2) || is_set(3);
      status_.paper_out = is_set(5) || is_set(6);
  }
}

void EscPosStatusReader::read_automatic() {
  block_size_ = 0;
  const auto is_set = [this](std::size_t octet, unsigned number) {
    return (block_.at(octet) & bit(number)) != 0;
  };
  status_.drawer_pin_high = is_set(0, 2);
  status_.offline = is_set(0, 3);
  status_.cover_open = is_set(0, 5);
  status_.fed_by_key = is_set(0, 6);
  status_.cutter_error = is_set(1, 3);
  status_.needs_service = is_set(1, 5);
  status_.recovers = is_set(1, 6);
  status_.paper_near_end = is_set(2, 0) || is_set(2, 1);
  status_.paper_out = is_set(2, 2) || is_set(2, 3);
}

std::string ask_status(int question) { return {'\x10', '\x04', static_cast<char>(question)}; }

std::string ask_whether_processed() { return {'\x1d', 'r', '\x01'}; }

std::string ask_for_automatic_status() { return {'\x1d', 'a', '\x0f'}; }

}  // namespace cairn::devices
