#pragma once
// One prepared statement: bind in order, step, read columns by position. See connection.h for
// errors.

#include "core/base/bytes.h"
#include "core/base/uuid.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace cairn::storage {

/// A value to be stored as BLOB (a plain string is stored as TEXT).
struct Blob {
  BytesView bytes;
};

class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);

  /// Binds every parameter, first to last. Accepts integers, bool, text, Blob, Uuid, std::optional
  /// of these (nothing is NULL) and nullptr. Texts and blobs are copied.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  /// True: a row is there. False: done, and the statement is reset.
  bool step();
  /// Runs to the end, ignoring rows.
  void run();

  [[nodiscard]] std::int64_t integer(int column) const;
  /// Stored as a signed integer, meant as unsigned 64 bit.
  [[nodiscard]] std::uint64_t unsigned_integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// The same without a copy: until the next step or reset.
  [[nodiscard]] std::string_view text_view(int column) const;
  [[nodiscard]] Bytes blob(int column) const;
  [[nodiscard]] Uuid uuid(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;

  void reset();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };

  void check(int code) const;
  void bind_null(int index);
  void bind_integer(int index, std::int64_t value);
  void bind_text(int index, std::string_view value);
  void bind_blob(int index, BytesView value);

  void bind_one(int index, std::nullptr_t) { bind_null(index); }
  template <std::integral Integer>
  void bind_one(int index, Integer value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind_one(int index, std::string_view value) { bind_text(index, value); }
  void bind_one(int index, const std::string& value) { bind_text(index, value); }
  void bind_one(int index, const char* value) { bind_text(index, value); }
  void bind_one(int index, Blob value) { bind_blob(index, value.bytes); }
  void bind_one(int index, const Uuid& value) {
    bind_blob(index, {reinterpret_cast<const char*>(value.octets().data()), Uuid::kSize});
  }
  template <class T>
  void bind_one(int index, const std::optional<T>& value) {
    if (value) {
      bind_one(index, *value);
    } else {
      bind_null(index);
    }
  }

  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace cairn::storage
