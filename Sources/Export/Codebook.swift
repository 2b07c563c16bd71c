public import Domain

/// What every column of an export means, and how to load it.
public struct Codebook: Hashable, Sendable {
  public var columns: [ExportColumn]

  public init(_ columns: [ExportColumn]) { self.columns = columns }

  /// For programs: the columns in order, each with its name, type, pandas dtype and meaning.
  public var json: JSON {
    .object([
      "codebook": 1,
      "columns": .array(
        columns.map { column in
          .object([
            "name": .string(column.name), "type": .text(column.type.rawValue), "dtype": .text(column.type.dtype),
            "meaning": .text(column.meaning),
          ])
        }),
    ])
  }

  /// For people.
  public var markdown: String {
    var lines = [Codebook.preface, "| column | type | pandas | meaning |", "|---|---|---|---|"]
    for column in columns {
      lines.append(
        "| `\(Codebook.cell(column.name.string))` | \(column.type.rawValue) | \(column.type.dtype) "
          + "| \(Codebook.cell(column.meaning)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let preface = """
    # Columns of the feedback export

    One row a judgement event: also those that were changed or taken back later, which `state` tells. An analyst who
    judged a case twice, before and after the model's answer was shown, has two rows with the same `case_id`.

    - Times are UTC, ISO 8601. Numbers that are not finite are the words NaN, Infinity and -Infinity.
    - `json` columns hold the value itself in JSONL, and its JSON text in CSV.
    - Bytes that are no UTF-8 stand as U+FFFD; `not_utf8` has them in hexadecimal digits, by column.
    - In CSV an empty cell means that there is none. A text that begins with `=`, `+`, `-`, `@`, a tab or a line end
      (or with apostrophes before one) and is no number has an apostrophe before it; NUL is U+FFFD.

    With the codebook as JSON beside them, both forms load into pandas (2 or later) with these types. (pandas' own
    `read_json` and `read_csv` load them too, and guess the types.)

    ```python
    import json
    import pathlib
    import pandas

    READ = {"integer": int, "unsigned": int, "number": float, "boolean": json.loads, "json": json.loads}

    def load(path, codebook):
        columns = json.loads(pathlib.Path(codebook).read_text(encoding="utf-8"))["columns"]
        is_csv = str(path).endswith(".csv")
        if is_csv:
            rows = pandas.read_csv(path, encoding="utf-8", dtype=object, keep_default_na=False, na_values=[""])
        else:
            with open(path, encoding="utf-8") as lines:
                names = [column["name"] for column in columns]
                rows = pandas.DataFrame([json.loads(line) for line in lines], columns=names, dtype=object)
        for column in columns:
            cells = rows[column["name"]]
            if is_csv and column["type"] in READ:
                read = READ[column["type"]]
                cells = pandas.Series([read(cell) if isinstance(cell, str) else None for cell in cells], dtype=object)
            if column["type"] == "time":
                cells = pandas.to_datetime(cells, utc=True, format="ISO8601").dt.as_unit("us")
            else:
                cells = cells.astype(column["dtype"])
            if is_csv and column["type"] == "text":
                cells = cells.str.replace(r"^'(?='*[=+\\-@\\t\\r\\n＝＋－＠])", "", regex=True)
            rows[column["name"]] = cells
        return rows
    ```

    """

  /// Foreign names are kept from breaking the table.
  private static func cell(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "`" || scalar == "|"
            || scalar.value == 0x2028 || scalar.value == 0x2029 ? "\u{FFFD}" : scalar
        }))
  }
}
