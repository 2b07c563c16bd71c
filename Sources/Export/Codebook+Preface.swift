extension Codebook {
  /// What stands before the columns.
  var preface: String {
    switch format {
    case .jsonl, .csv: Codebook.rows + "\n" + Codebook.pandas
    case .events: Codebook.events
    case .parquet: Codebook.rows + "\n" + Codebook.parquet
    case .prodigy: Codebook.prodigy
    case .seldonFeedback: Codebook.seldon
    case .argilla: Codebook.argilla
    case .labelStudio: Codebook.labelStudio
    }
  }

  private static let rows = """
    # Columns of the feedback export

    One row a judgement event: also those that were changed or taken back later, which `state` tells. An analyst who
    judged a case twice, before and after the model's answer was shown, has two rows with the same `case_id`.

    - Times are UTC, ISO 8601. Numbers that are not finite are the words NaN, Infinity and -Infinity.
    - `json` columns hold the value itself in JSONL, and its JSON text in CSV.
    - Bytes that are no UTF-8 stand as U+FFFD; `not_utf8` has them in hexadecimal digits, by column.
    - In CSV an empty cell means that there is none. A text that begins with `=`, `+`, `-`, `@`, a tab or a line end
      (or with apostrophes before one) and is no number has an apostrophe before it; NUL is U+FFFD.
    """

  private static let events = """
    # Members of the export of events

    One JSON object a line for each event, whole and with its links: whatever was said, also what a later one
    changed or took back, and what says nothing of a case, such as the beginning of a session. An event whose words were
    redacted stands without its body, so that no chain has a gap there.

    - Times are UTC, ISO 8601.
    - A line has every member below; one that does not apply is null.

    """

  private static let pandas = """
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

  private static let parquet = """
    In Parquet texts and the JSON text of `json` columns are strings, whole numbers INT64 or UINT64, other numbers
    DOUBLE with NaN and infinities as such, times TIMESTAMP in microseconds of UTC, and each column may be empty. This
    codebook as JSON is in the file's metadata, under `mds.codebook`. Reads into Arrow, and from there into pandas:

    ```python
    import pandas
    import pyarrow
    import pyarrow.parquet

    TYPES = {pyarrow.int64(): pandas.Int64Dtype(), pyarrow.uint64(): pandas.UInt64Dtype(),
             pyarrow.bool_(): pandas.BooleanDtype(), pyarrow.string(): pandas.StringDtype()}

    def load(path):
        return pyarrow.parquet.read_table(path).to_pandas(types_mapper=TYPES.get)
    ```

    """

  private static let prodigy = """
    # Lines of the export for Prodigy

    One JSON object a line for each judgement that stands; two where the analyst says that the model's class is wrong
    and names another: the first rejects the one, the second accepts the other. Prodigy gives `_input_hash` and
    `_task_hash` itself. Loads with

        prodigy db-in DATASET lines.jsonl

    """

  private static let seldon = """
    # Lines of the export as feedback for Seldon Core 1

    One `Feedback` message a line for each judgement that stands and says whether the model is right. A line is the body
    of a request to `/api/v1.0/feedback`, or `/send-feedback` of the microservice itself; a file of them is what

        seldon-batch-processor --method feedback --data-type raw --input-data-path lines.jsonl …

    sends. `response.meta.puid` is the request's own: as the header `Seldon-Puid` it ties a line to the logged request.

    """

  private static let argilla = """
    # Records of the export for Argilla

    One record a case: the model's answer is the suggestion, each analyst's last word a response. Argilla takes users by
    UUID; the table below says which UUID stands for whom, the same in every export. A server takes the responses of
    users that it has: make them there and put their UUIDs in place of these.

    ```python
    import argilla
    import json

    def load(path):
        with open(path, encoding="utf-8") as file:
            return [argilla.Record.from_dict(record) for record in json.load(file)]
    ```

    """

  private static let labelStudio = """
    # Tasks of the export for Label Studio

    One task a case: the model's answer is the prediction, each analyst's last word an annotation. The labeling
    configuration is in this codebook as JSON, under `labeling_config`, and in a codebook whose name ends in `.xml`: give
    it to the project before the tasks are imported. `completed_by` is a number that stands for the analyst, the same in
    every export, as the table below says. A server takes annotations of users that it has: put their numbers in place
    of these, or leave `completed_by` out.

    """
}
