import Frames
import PtyTesting

extension Pty {
  /// From Models, the only ones there being four: opens the form of a model.
  func openForm(of model: String) throws {
    try expect("Models 4")
    try send("/\(model)")
    try expect("Models 1 of 4")
    try press(.enter)
    try send("i")
    try expect("▸ Infer")
    try expect("POST v2/models/")
  }

  /// From a form: opens a file of records.
  func openFile(_ path: String) throws {
    try send("o")
    try expect("Open a file")
    try send(path)
    try press(.enter)
  }
}
