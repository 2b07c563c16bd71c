internal import FuzzTargets
internal import Glibc

/// Which one is fuzzed: `MDS_FUZZ` names it.
private let target: FuzzTarget = {
  guard let name = getenv("MDS_FUZZ"), let target = FuzzTarget(rawValue: String(cString: name)) else {
    fatalError("MDS_FUZZ names one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let violation = target.violation(in: bytes) { fatalError(violation) }
  return 0
}
