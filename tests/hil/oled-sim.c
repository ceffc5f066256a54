// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * An I2C bus with an SSD1306 at 0x3c whose memory can be read back.
 *
 * The kernel's i2c-stub cannot stand in for it: it refuses plain I2C messages, which is what luma sends, and keeps one
 * byte per register where a display keeps a whole picture. This is a bus adapter, so everything above it is the
 * kernel's own: i2c-core and /dev/i2c-1 (the number a Raspberry Pi gives its bus).
 *
 * In debugfs, under oled-sim: ram (1024 bytes: 8 pages of 128 columns), lit (Y or N), unplugged and hanging (write Y or N).
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

#define ADDRESS 0x3c
#define BUS 1
#define CONTROL_COMMANDS 0x00
#define CONTROL_DATA 0x40

static u8 ram[1024];
static unsigned int cursor;
static bool lit, unplugged, hanging;
static struct debugfs_blob_wrapper ram_blob = { .data = ram, .size = sizeof(ram) };
static struct dentry *folder;

static unsigned int arguments_of(u8 command)
{
	switch (command) {
	case 0x21: case 0x22: /* the window of columns, of pages */
		return 2;
	case 0x20: case 0x81: case 0x8d: case 0xa8: case 0xd3: case 0xd5: case 0xd9: case 0xda: case 0xdb:
		return 1;
	default:
		return 0;
	}
}

static void obey(const u8 *byte, const u8 *end)
{
	for (; byte < end; byte += 1 + arguments_of(*byte)) {
		if (*byte == 0xae || *byte == 0xaf)
			lit = *byte == 0xaf;
		else if (*byte == 0x21 || *byte == 0x22) /* a driver that draws whole pictures: back to the start */
			cursor = 0;
	}
}

static int receive(const struct i2c_msg *message)
{
	unsigned int i;

	if (unplugged) { /* without its cable it has no power either */
		lit = false;
		memset(ram, 0, sizeof(ram));
	}
	/* Nobody at that address: no acknowledge, told as a Raspberry Pi's bus tells it. */
	if (message->addr != ADDRESS || unplugged)
		return -EREMOTEIO;
	if (message->flags & I2C_M_RD) {
		memset(message->buf, 0, message->len);
		return 0;
	}
	if (message->len && message->buf[0] == CONTROL_COMMANDS)
		obey(message->buf + 1, message->buf + message->len);
	else if (message->len && message->buf[0] == CONTROL_DATA)
		for (i = 1; i < message->len; i++)
			ram[cursor++ % sizeof(ram)] = message->buf[i];
	return 0;
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int i, error;

	/* Something holds the clock low, and nothing moves until it lets go; only a program that is killed gets away. */
	while (READ_ONCE(hanging)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		msleep(10);
	}
	for (i = 0; i < count; i++) {
		error = receive(&messages[i]);
		if (error)
			return error;
	}
	return count;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = transfer, .functionality = functionality };
static struct i2c_adapter bus = { .owner = THIS_MODULE, .name = "oled-sim", .nr = BUS, .algo = &algorithm };

static int __init oled_sim_init(void)
{
	int error = i2c_add_numbered_adapter(&bus);

	if (error)
		return error;
	folder = debugfs_create_dir("oled-sim", NULL);
	debugfs_create_blob("ram", 0400, folder, &ram_blob);
	debugfs_create_bool("lit", 0400, folder, &lit);
	debugfs_create_bool("unplugged", 0600, folder, &unplugged);
	debugfs_create_bool("hanging", 0600, folder, &hanging);
	return 0;
}

static void __exit oled_sim_exit(void)
{
	debugfs_remove(folder);
	i2c_del_adapter(&bus);
}

module_init(oled_sim_init);
module_exit(oled_sim_exit);
MODULE_DESCRIPTION("An I2C bus with an SSD1306 whose memory can be read back");
MODULE_LICENSE("Dual MIT/GPL");
