// sharp as one contender: node sharp.mjs WORKERS OPTIMISE FILES…, driven like bench/_rival.py.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import sharp from 'sharp';

const [workers, optimise, ...files] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(1); // one thread for each of the workers
const photos = files.map((file) => fs.readFileSync(file));

async function all() {
  const made = new Array(photos.length);
  let next = 0;
  const work = async () => {
    while (next < photos.length) {
      const n = next++;
      made[n] = await sharp(photos[n]).autoOrient()
        .resize(2048, 2048, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 85, chromaSubsampling: '4:2:0', optimiseCoding: optimise === '1' }).toBuffer();
    }
  };
  await Promise.all(Array.from({ length: Number(workers) }, work));
  return made;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command] = line.split(' ');
  const folder = line.slice(command.length + 1);
  const started = performance.now();
  const used = process.cpuUsage();
  const made = await all();
  const cpu = process.cpuUsage(used);
  const answer = { wall_s: (performance.now() - started) / 1000, cpu_s: (cpu.user + cpu.system) / 1e6 };
  if (command === 'write') made.forEach((data, n) => fs.writeFileSync(path.join(folder, `${path.parse(files[n]).name}.jpg`), data));
  console.log(JSON.stringify(answer));
}
