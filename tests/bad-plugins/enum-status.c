// SPDX-License-Identifier: LGPL-2.1-or-later
/* enum-status.c - built with a header in which a status is an enumeration of 4 bytes. */
enum status {
	SUCCESS = 0,
	REBOOT_NECESSARY = 1,
	LU_EXPOSED = (int)0x80000006,
};

struct oid {
	int type;
	unsigned owner;
	unsigned long long number;
};

static enum status answer;

enum status Initialize(unsigned owner);
enum status Initialize(unsigned owner)
{
	answer = owner ? SUCCESS : LU_EXPOSED;
	return answer;
}

/* Signed, so that the compiler extends the sign into the upper half if it is asked to. */
long IMA_ExposeLu(struct oid lu);
long IMA_ExposeLu(struct oid lu)
{
	answer = lu.number == 6 ? LU_EXPOSED : (enum status)lu.number;
	return (int)answer;
}

enum status IMA_UnexposeLu(struct oid lu);
enum status IMA_UnexposeLu(struct oid lu)
{
	return lu.number == 6 ? LU_EXPOSED : REBOOT_NECESSARY;
}
