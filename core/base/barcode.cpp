#include "core/base/barcode.h"

namespace cairn {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

}  // namespace

Barcode parse_barcode(std::string_view sent, bool aim) {
  const bool has_aim =
      aim && sent.size() >= 3 && sent[0] == ']' && is_letter(sent[1]) && is_alnum(sent[2]);
  if (!has_aim) return {"", std::string(sent)};
  return {std::string(sent.substr(1, 2)), std::string(sent.substr(3))};
}

}  // namespace cairn
