internal import Domain

/// Settings that contradict themselves or the model are found at load: a request must not be what shows it.
extension ModelSettings {
  /// Numbers of an encoded row.
  var width: Int {
    switch encoding {
    case .matrix: inputs.first?.rowWidth ?? 0
    case .columns(let columns): columns.count
    case .pixels(let rows, let columns): rows * columns
    case .text(let grams): grams.buckets
    }
  }

  /// Numbers of a row as the detectors see it.
  var watchedWidth: Int { watched.isEmpty ? width : watched.count }

  /// Refuses inputs that the encoding cannot encode.
  func checkEncoding() throws(ModelRefusal) {
    guard inputs.allSatisfy({ $0.shape[0] < 0 && $0.shape.dropFirst().allSatisfy { $0 > 0 } }) else {
      throw ModelRefusal("settings.json: an input's shape is not [-1, …] with fixed extents after it")
    }
    switch encoding {
    case .matrix: try checkSingle { $0.datatype != .bytes && $0.shape.count == 2 }
    case .text: try checkSingle { $0.datatype == .bytes && $0.rowWidth == 1 }
    case .pixels: try checkSingle { $0.datatype != .bytes && $0.rowWidth == width }
    case .columns(let columns):
      for column in columns {
        guard let input = inputs.first(where: { $0.name == column.name }), input.rowWidth == 1,
          (input.datatype == .bytes) == (column.categories != nil)
        else { throw ModelRefusal("settings.json: the column \(column.name) does not fit its input") }
        guard column.categories == nil || column.categories == input[parameter: "categories"]?.texts else {
          throw ModelRefusal("settings.json: the categories of \(column.name) differ from its input's")
        }
      }
    }
    try checkWatched()
  }

  private func checkSingle(_ fits: (TensorSpec) -> Bool) throws(ModelRefusal) {
    guard inputs.count == 1, let input = inputs.first, fits(input) else {
      throw ModelRefusal("settings.json: the encoding needs one input of another datatype or shape")
    }
  }

  private func checkWatched() throws(ModelRefusal) {
    for feature in watched {
      let isDrawn =
        switch encoding {
        case .text: !feature.value(of: "").isNaN
        case .pixels(let rows, let columns):
          !feature.value(of: [Double](repeating: 0, count: rows * columns)[...], columns: columns).isNaN
        case .matrix, .columns: false
        }
      guard isDrawn else { throw ModelRefusal("settings.json: \(feature.name) cannot be drawn from a record") }
    }
  }

  /// Refuses a model of other sizes than the settings say.
  func check(against checks: StoredChecks) throws(ModelRefusal) {
    guard checks.rows.width == width else {
      throw ModelRefusal("settings.json makes rows of \(width) features, the model was trained on \(checks.rows.width)")
    }
    guard classes.count * checks.rows.count == checks.probabilities.count else {
      throw ModelRefusal(
        "settings.json names \(classes.count) classes, the model has \(checks.probabilities.count / checks.rows.count)")
    }
    for output in outputs {
      let isScore = output.datatype == .fp32 || output.datatype == .fp64
      guard output.rowWidth == 1 || (isScore && output.rowWidth == classes.count) else {
        throw ModelRefusal("settings.json: the output \(output.name) is neither one value a row nor one a class")
      }
    }
  }
}
