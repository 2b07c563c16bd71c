internal import CXGBoost
internal import Dispatch

/// A gradient-boosted model in libxgboost's own JSON format. Its calls block, so it runs on a queue of its own.
actor Booster {
  /// What can be asked of a row; raw values are libxgboost's prediction types.
  enum Question: Int {
    case probability = 0
    case margin = 1
    case contributions = 2
  }

  /// Why libxgboost refused, in its words.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let executor: QueueExecutor
  private let handle: Handle

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Loads a model file. libxgboost accepts files of newer versions that it reads wrongly: check its answers.
  init(path: String) throws(Failure) {
    executor = QueueExecutor(label: "xgboost")
    handle = try Handle(path: path)
  }

  /// Row-major answers with their shape: [rows, classes], or [rows, classes, features + 1] with the bias last.
  func answers(to question: Question, rows: FeatureRows) throws(Failure) -> (shape: [Int], values: [Float]) {
    var matrix: DMatrixHandle?
    try Booster.check(
      XGDMatrixCreateFromMat(rows.values.map(Float.init), bst_ulong(rows.count), bst_ulong(rows.width), .nan, &matrix))
    defer { XGDMatrixFree(matrix) }
    let config = """
      {"type": \(question.rawValue), "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}
      """
    var shape: UnsafePointer<bst_ulong>?
    var dimensions: bst_ulong = 0
    var values: UnsafePointer<Float>?
    try Booster.check(XGBoosterPredictFromDMatrix(handle.raw, matrix, config, &shape, &dimensions, &values))
    let extents = UnsafeBufferPointer(start: shape, count: Int(dimensions)).map(Int.init)
    // The buffer belongs to the booster and lives until its next call: it is copied out.
    return (extents, Array(UnsafeBufferPointer(start: values, count: extents.reduce(1, *))))
  }

  private static func check(_ status: Int32) throws(Failure) {
    guard status != 0 else { return }
    throw Failure(description: said(String(cString: XGBGetLastError())))
  }

  /// What a message of libxgboost says, without the time and the source line before it and the stack trace after it:
  /// `[17:16:23] ./src/common/io.cc:102: Opening model.json failed`.
  static func said(_ message: String) -> String {
    let line = message.split(separator: "\n").first ?? ""
    let parts = line.split(separator: " ", maxSplits: 2)
    guard parts.count == 3, parts[0].hasPrefix("["), parts[1].hasSuffix(":") else { return String(line) }
    var said = parts[2]
    while said.last == " " || said.last == ":" { said.removeLast() }
    return String(said)
  }

  /// Owns the C handle.
  private final class Handle {
    let raw: BoosterHandle?

    init(path: String) throws(Failure) {
      var created: BoosterHandle?
      try check(XGBSetGlobalConfig("{\"verbosity\": 0}"))
      try check(XGBoosterCreate(nil, 0, &created))
      raw = created
      try check(XGBoosterLoadModel(created, path))
      // After the load, which resets it: on busy cores OpenMP's spinning costs milliseconds a call.
      try check(XGBoosterSetParam(created, "nthread", "1"))
    }

    deinit { XGBoosterFree(raw) }
  }
}

/// Runs an actor on a dispatch queue of its own, away from the cooperative threads.
final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
