// SPDX-License-Identifier: BSD-2-Clause
// What a picture shows, and how sure the network is of it: node segment.mjs MODEL PICTURE
import { Context } from 'segent';

async function main(modelPath, picture) {
  const context = new Context();
  const model = await context.loadModel(modelPath);
  const result = await context.run(model, picture);
  const { sum, mean } = result.summary;
  console.log(`${model.architecture}, ${model.classes} classes`);
  console.log(`image entropy ${sum.toFixed(3)}, mean ${mean.toFixed(6)}`);
  for (const { id, pixels } of result.statistics) {
    if (pixels > 0) console.log(`${model.classNames[id]}: ${pixels} pixels`);
  }
}

const [modelPath, picture] = process.argv.slice(2);
if (picture === undefined) {
  console.error('MODEL PICTURE');
  process.exitCode = 1;
} else {
  main(modelPath, picture).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
