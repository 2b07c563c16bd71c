import Domain
import OpenInference
import Testing

@Test("a NaN output reads as NaN") func bareNaN() throws {
  let body = Array(
    #"{"model_name":"m","outputs":[{"name":"o","datatype":"FP32","shape":[3],"data":[NaN,null,-Infinity]}]}"#.utf8)
  let values = try #require(try InferenceResponse(decoding: body)[output: "o"]?.numbers)
  #expect(values[0].isNaN && values[1].isNaN && values[2] == -.infinity)
}
