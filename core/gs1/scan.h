#pragma once
// What a scanner sent, understood: the symbology from its AIM identifier (ISO/IEC 15424), the
// trade item number, the GS1 elements. Never throws whatever the octets. Any thread.

#include "core/base/barcode.h"
#include "core/base/gtin.h"
#include "core/gs1/element_string.h"
#include "core/gs1/fault.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::gs1 {

struct Scan {
  /// AIM identifier with its bracket, e.g. "]C1"; empty: none was sent.
  std::string symbology;
  /// What came after it.
  std::string data;
  /// Empty: not GS1 data.
  Elements elements;
  /// Of the trade item itself: an EAN, UPC or ITF-14 number or AI (01).
  std::optional<Gtin> gtin;
  /// False: there was no AIM identifier, so that the data's form alone speaks for its meaning.
  bool carrier_verified = false;
};

/// `sent`: a scan with its AIM identifier. What the identifiers mean:
///   ]C1 ]e0 ]d2 ]d8 ]Q3 ]J1   element string
///   ]E0   EAN-13, UPC-A, UPC-E, all of 13 digits; "|]e0" and a composite's elements may follow
///   ]E3   EAN-13 and an add-on of 2 or 5 digits      ]E4   EAN-8
///   ]I0 ]I1   ITF-14 if there are 14 digits with a right check digit, else not GS1
///   ]C0 ]d1 ]Q1 and every other   not GS1, except that a GS1 Digital Link URI is read
/// Without an identifier a number with a right check digit (8, 12, 13, 14 digits), an element
/// string with a separator in it, and a GS1 Digital Link URI are taken for what they look like.
/// Faults: those of parse_element_string() and parse_link(); of EAN and UPC numbers kLength,
/// kCharset, kCheckDigit, kNumberSystem. Positions count from the first octet after the identifier.
Parsed<Scan> parse_scan(std::string_view sent);
/// The same of a scan whose AIM identifier was split off already.
Parsed<Scan> parse_scan(const Barcode& barcode);

/// Which article a code names, for people at work: that of parse_scan(), and besides an AI (01) at
/// the front of a label whose other elements are wrong, UPC-A and UPC-E as they are printed (12 and
/// 8 digits after ]E0), and in any symbology that is no GS1 carrier a number whose length and check
/// digit fit.
std::optional<Gtin> gtin_of(const Barcode& barcode);

}  // namespace cairn::gs1
