import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * What was received, in a file of one line a message: id and work in one write, on the disk before the sender is answered. One process
 * may have the file open; several want a database, with the id as primary key and the work in the same transaction.
 */
export class Inbox {
  #ids = new Set();
  #file;
  #end;

  /** Opens the file, and makes it where there is none. A last line that a crash cut off was never answered, and goes. */
  constructor(path) {
    closeSync(openSync(path, 'a'));
    this.#file = openSync(path, 'r+');
    const text = readFileSync(this.#file);
    this.#end = text.lastIndexOf('\n') + 1;
    ftruncateSync(this.#file, this.#end);
    for (const line of text.subarray(0, this.#end).toString('utf8').split('\n').filter(Boolean)) this.#ids.add(JSON.parse(line).id);
  }

  /** Does once what a message is for; false where it was done before. */
  take(id, message) {
    if (this.#ids.has(id)) return false;

    // Your own work takes the place of this line. What is not in the same file or database (a mail, another service) is written down as
    // due, and done afterwards by something that deduplicates in its turn.
    this.#append(`${JSON.stringify({ id, type: message.type, customer: message.data.customer_id, at: message.timestamp })}\n`);
    this.#ids.add(id);
    return true;
  }

  #append(line) {
    const bytes = Buffer.from(line);
    try {
      if (writeSync(this.#file, bytes, 0, bytes.length, this.#end) < bytes.length) throw new Error('The disk took a part of a line only.');
      fsyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, this.#end);
      throw error;
    }
    this.#end += bytes.length;
  }
}
