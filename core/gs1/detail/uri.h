#pragma once
// The characters and parts of URIs (RFC 3986), for reading and building links.

#include <cstddef>
#include <string_view>
#include <vector>

namespace cairn::gs1::detail {

/// Needs no percent encoding anywhere.
bool is_unreserved(char c);

/// May stand in a URI, the percent sign too.
bool is_uri_character(char c);

/// Octets of "http://" or "https://" at the front; 0: there is neither.
std::size_t scheme_size(std::string_view uri);

/// The first octet of a host that no host has ("https://shop@elsewhere/…" looks like a shop);
/// npos: there is none.
std::size_t find_no_host_character(std::string_view host);

/// A part of the URI and where it begins in it.
struct Slice {
  std::string_view text;
  std::size_t at = 0;

  [[nodiscard]] Slice from(std::size_t begin) const { return {text.substr(begin), at + begin}; }
  [[nodiscard]] Slice until(std::size_t end) const { return {text.substr(0, end), at}; }
};

/// The parts between `separator`s, empty ones too.
std::vector<Slice> split(Slice whole, char separator);

}  // namespace cairn::gs1::detail
