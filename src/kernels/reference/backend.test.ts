import { holdsTensors } from "../testing/tensors.ts";
import { followsTorch } from "../testing/torch-steps.ts";
import { createReferenceBackend } from "./backend.ts";

const reference = async (): Promise<ReturnType<typeof createReferenceBackend>> => createReferenceBackend();

followsTorch("the reference", reference);
holdsTensors("the reference", reference);
