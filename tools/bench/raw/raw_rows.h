#pragma once
// The rows that Cairn writes for a record, written by the barest means into the same tables.

#include "tools/bench/raw/raw_database.h"

#include <array>
#include <cstdint>
#include <string>

namespace cairn::bench::raw {

struct LogRow {
  std::int64_t author = 1;
  std::int64_t seq = 0;
  std::int64_t hlc = 0;
  std::int64_t type = 0;
  std::string key;        ///< empty: none
  std::int64_t feed = 0;  ///< 0: unconfirmed
  std::int64_t fseq = 0;
  std::string record;
  std::string chain;
};

/// What a stock event does to one cell.
struct CellRow {
  std::string site;
  std::string sku;
  std::string location;
  std::int64_t milli = 0;
  std::int64_t reason = 0;
  bool counted = false;  ///< a count, not a movement
};

/// Inserts and updates; the caller's transaction.
class Rows {
 public:
  explicit Rows(Database& database);

  void log(const LogRow& row);
  void cell(const LogRow& of, const CellRow& row, std::string_view node);
  void author(std::int64_t author, std::int64_t head, std::string_view chain);
  void feed(std::int64_t feed, std::int64_t head);

 private:
  Statement log_;
  Statement movement_;
  Statement moved_cell_;
  Statement counted_cell_;
  Statement author_;
  Statement feed_;
};

struct ArticleRow {
  std::string sku;
  std::string name;
  std::int64_t weight_mg = 0;
  std::int64_t price_minor = 0;
  std::int64_t gtin = 0;
};

/// The rows of a product.
class Articles {
 public:
  explicit Articles(Database& database);
  void write(const ArticleRow& row);

 private:
  Statement product_;
  Statement gtin_;
};

/// The rows of a ship group that a pick changes.
class PickRows {
 public:
  explicit PickRows(Database& database);

  void group(std::string_view group, std::int64_t claim_hlc);
  void line(std::string_view group, std::int64_t line, std::int64_t picked_milli);

 private:
  Statement group_;
  Statement line_;
};

}  // namespace cairn::bench::raw
